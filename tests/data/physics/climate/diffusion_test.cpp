// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/diffusion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "data/base/random.h"

namespace ecumene::data::physics::climate {
namespace {

std::vector<double> noise(std::size_t n, double low, double high) {
  Random random(3, "diffusion-test");
  std::vector<double> field(n);
  for (double& x : field) x = random.uniform(low, high);
  return field;
}

double areaSum(const SphereGrid& grid, const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> product(a.size());
  for (std::size_t k = 0; k < a.size(); ++k) product[k] = a[k] * b[k];
  return grid.mean(product);
}

TEST(SphereGrid, SharesSumToOneAndEdgesSeparateCentres) {
  for (const SphereGrid& grid : {gaussianGrid(32, 64), gaussianGrid(90, 1), equalAreaGrid(90)}) {
    EXPECT_NEAR(grid.mean(std::vector<double>(grid.cells(), 1.0)), 1.0, 1e-14);
    for (std::size_t i = 0; i < grid.belts(); ++i) {
      EXPECT_LT(grid.edge[i], grid.sinLatitude[i]);
      EXPECT_GT(grid.edge[i + 1], grid.sinLatitude[i]);
      EXPECT_NEAR(grid.edge[i + 1] - grid.edge[i], 2.0 * grid.share[i], 1e-13);
    }
  }
}

TEST(Diffusion, MovesEnergyButMakesNone) {
  for (const SphereGrid& grid : {gaussianGrid(32, 64), gaussianGrid(32, 1), equalAreaGrid(90)}) {
    const Diffusion diffusion(grid, 5.8);
    const std::vector<double> t = noise(grid.cells(), 150.0, 400.0);
    std::vector<double> flux(grid.cells());
    diffusion.apply(t, flux);
    double largest = 0.0;
    for (const double f : flux) largest = std::max(largest, std::abs(f));
    EXPECT_GT(largest, 100.0);
    EXPECT_NEAR(grid.mean(flux), 0.0, 1e-13 * largest);
  }
}

TEST(Diffusion, HasTheSphericalHarmonicsAsEigenfunctions) {
  // L Y_lm = D l (l + 1) Y_lm; the grid is of second order, so errors fall fourfold when it is refined twofold.
  double before = 0.0;
  for (const std::size_t n : {32U, 64U}) {
    const SphereGrid grid = equalAreaGrid(n, 2 * n);
    const Diffusion diffusion(grid, 0.58);
    std::vector<double> y(grid.cells());
    std::vector<double> flux(grid.cells());
    for (std::size_t k = 0; k < y.size(); ++k) {
      const double x = grid.sinLatitude[k / (2 * n)];
      const double longitude = std::numbers::pi * static_cast<double>(k % (2 * n)) / static_cast<double>(n);
      y[k] = (1.0 - x * x) * std::cos(2.0 * longitude);  // Y_22
    }
    diffusion.apply(y, flux);
    const double eigenvalue = areaSum(grid, y, flux) / areaSum(grid, y, y);
    EXPECT_NEAR(eigenvalue, 0.58 * 6.0, 0.02 * 0.58 * 6.0);
    const double error = std::abs(eigenvalue - 0.58 * 6.0);
    if (n == 64) {
      EXPECT_LT(error, before / 3.0);
    }
    before = error;
  }
  const SphereGrid belts = gaussianGrid(32, 1);
  const Diffusion diffusion(belts, 0.58);
  std::vector<double> p2(32), flux(32);
  for (std::size_t i = 0; i < 32; ++i) p2[i] = 1.5 * belts.sinLatitude[i] * belts.sinLatitude[i] - 0.5;
  diffusion.apply(p2, flux);
  EXPECT_NEAR(areaSum(belts, p2, flux) / areaSum(belts, p2, p2), 0.58 * 6.0, 0.01 * 0.58 * 6.0);
}

TEST(Diffusion, SolvesTheImplicitSystem) {
  for (const SphereGrid& grid : {gaussianGrid(32, 64), gaussianGrid(32, 1)}) {
    Diffusion diffusion(grid, 0.58);
    const std::vector<double> diagonal = noise(grid.cells(), 2.0, 300.0);
    const std::vector<double> wanted = noise(grid.cells(), -5.0, 5.0);
    std::vector<double> field(grid.cells());
    diffusion.apply(wanted, field);
    for (std::size_t k = 0; k < field.size(); ++k) field[k] += diagonal[k] * wanted[k];
    diffusion.solve(diagonal, field, 1e-12);
    for (std::size_t k = 0; k < field.size(); ++k) EXPECT_NEAR(field[k], wanted[k], 1e-7);
  }
}

TEST(Diffusion, FactoredStepInvertsItsFactors) {
  const SphereGrid grid = gaussianGrid(32, 64);
  Diffusion diffusion(grid, 2.0);
  const std::vector<double> diagonal(grid.cells(), 37.0);
  // With a constant diagonal (A + Lx) A^-1 (A + Ly) differs from A + L by Lx Ly / A; a zonal field knows only Ly.
  std::vector<double> zonal(grid.cells());
  for (std::size_t k = 0; k < zonal.size(); ++k) zonal[k] = std::sin(0.3 * static_cast<double>(k / 64));
  std::vector<double> field(grid.cells());
  diffusion.apply(zonal, field);
  for (std::size_t k = 0; k < field.size(); ++k) field[k] += 37.0 * zonal[k];
  diffusion.solveFactored(diagonal, field);
  for (std::size_t k = 0; k < field.size(); ++k) EXPECT_NEAR(field[k], zonal[k], 1e-11);
}

TEST(Diffusion, FactoredStepKeepsEnergy) {
  const SphereGrid grid = gaussianGrid(32, 64);
  Diffusion diffusion(grid, 5.8);
  for (const double scale : {1e-3, 1.0, 1e3}) {
    const std::vector<double> diagonal = noise(grid.cells(), scale, 40.0 * scale);
    const std::vector<double> rhs = noise(grid.cells(), -100.0, 200.0);
    std::vector<double> field = rhs;
    diffusion.solveFactored(diagonal, field);
    EXPECT_NEAR(areaSum(grid, diagonal, field), grid.mean(rhs), 1e-9 * 200.0) << scale;
  }
}

TEST(Diffusion, FactoredStepsDecayHoweverLong) {
  // From steps of a thousandth to steps of a thousand times a cell's own time constant, between a dry and a wet half.
  const SphereGrid grid = gaussianGrid(32, 64);
  Diffusion diffusion(grid, 5.8);
  for (const double scale : {1e-1, 1.0, 60.0, 1e3, 1e5}) {
    std::vector<double> diagonal(grid.cells());
    for (std::size_t k = 0; k < diagonal.size(); ++k) diagonal[k] = k % 64 < 32 ? scale : 40.0 * scale;
    std::vector<double> t = noise(grid.cells(), 200.0, 300.0);
    const auto energyNorm = [&] {
      const double mean = areaSum(grid, diagonal, t) / grid.mean(diagonal);
      std::vector<double> away(t.size());
      for (std::size_t k = 0; k < t.size(); ++k) away[k] = (t[k] - mean) * (t[k] - mean);
      return areaSum(grid, diagonal, away);
    };
    std::vector<double> flux(grid.cells());
    double before = energyNorm();
    for (int step = 0; step < 300; ++step) {
      diffusion.apply(t, flux);
      for (double& f : flux) f = -f;
      diffusion.solveFactored(diagonal, flux);
      for (std::size_t k = 0; k < t.size(); ++k) t[k] += flux[k];
      const double after = energyNorm();
      ASSERT_LE(after, before * (1.0 + 1e-12)) << "diagonal " << scale << ", step " << step;
      before = after;
    }
  }
}

TEST(Diffusion, StepIsRightAndKeepsEnergyWhereTheFactoredOneIsNot) {
  const SphereGrid grid = gaussianGrid(32, 64);
  Diffusion diffusion(grid, 5.8);
  const std::vector<double> diagonal = noise(grid.cells(), 0.1, 4.0);
  const std::vector<double> rhs = noise(grid.cells(), -100.0, 200.0);
  std::vector<double> exact = rhs;
  diffusion.solve(diagonal, exact, 1e-10);
  const auto error = [&](const std::vector<double>& field) {
    std::vector<double> square(field.size());
    for (std::size_t k = 0; k < field.size(); ++k) square[k] = (field[k] - exact[k]) * (field[k] - exact[k]);
    return std::sqrt(grid.mean(square));
  };
  std::vector<double> factored = rhs;
  diffusion.solveFactored(diagonal, factored);
  EXPECT_GT(error(factored), 0.3) << "the test needs a case that the factored step gets wrong";
  std::vector<double> step = rhs;
  diffusion.solveStep(diagonal, step);
  EXPECT_LT(error(step), 0.03);
  EXPECT_NEAR(areaSum(grid, diagonal, step), grid.mean(rhs), 1e-9 * 200.0);
}

}  // namespace
}  // namespace ecumene::data::physics::climate
