// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/heat_balance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "data/physics/climate/land_mask.h"
#include "data/physics/climate/planet_balance.h"
#include "tests/data/physics/climate/belts.h"
#include "tests/data/physics/climate/named_planets.h"

namespace ecumene::data::physics::climate {
namespace {

constexpr HeatCapacities kOne = {.land = 1e7, .ocean = 1e7, .meltingIce = 1e7, .ice = 1e7};

TEST(HeatBalance, OfTheLinearModelHasNorthsClosedForm) {
  // A + B T + D lap: T_n = F_n / (B + n (n + 1) D) for each Legendre component F_n of the absorbed flux.
  const SphereGrid grid = gaussianGrid(64, 1);
  planet::PlanetTruth truth = test::earth();
  truth.bulk.obliquityDeg = 0.0;
  const Insolation insolation(grid, SunMotion::kDailyMean, truth.orbit, truth.bulk, 72);
  test::FunctionRadiation radiation(
      insolation, [](double) { return 0.3; }, test::linearLongwave);
  HeatBalance heat(grid, 0.649, std::vector<double>(64, 1.0), kOne, truth.orbit.periodDays * kDaySeconds, radiation);
  heat.setTemperature(std::vector<double>(64, 280.0));
  for (int i = 0; i < 30; ++i) {
    heat.runOrbits();
    heat.leap(1e9);
  }
  std::vector<double> flux(64), cosine(64);
  insolation.fill(0, flux, cosine);
  const std::vector<double>& t = heat.temperature();
  EXPECT_NEAR(grid.mean(t), kFreezingK + (0.7 * 340.25 - 203.3) / 2.09, 1e-6);
  double f2 = 0.0, t2 = 0.0;
  for (std::size_t i = 0; i < 64; ++i) {
    const double p2 = 1.5 * grid.sinLatitude[i] * grid.sinLatitude[i] - 0.5;
    f2 += 5.0 * grid.share[i] * p2 * 0.7 * flux[i];
    t2 += 5.0 * grid.share[i] * p2 * t[i];
  }
  EXPECT_NEAR(t2, f2 / (2.09 + 6.0 * 0.649), 2e-3 * std::abs(t2));
  EXPECT_LT(t2, -20.0);
}

TEST(HeatBalance, RelaxesWithCOverB) {
  const SphereGrid grid = gaussianGrid(8, 4);
  planet::PlanetTruth truth = test::earth();
  truth.orbit.periodDays = 10.0;
  const Insolation insolation(grid, SunMotion::kDailyMean, truth.orbit, truth.bulk, 720);
  test::FunctionRadiation radiation(
      insolation, [](double) { return 0.3; }, test::linearLongwave);
  HeatBalance heat(grid, 0.5, std::vector<double>(32, 1.0), kOne, 10.0 * kDaySeconds, radiation);
  const double end = kFreezingK + (0.7 * 340.25 - 203.3) / 2.09;
  heat.setTemperature(std::vector<double>(32, end + 10.0));
  EXPECT_NEAR(heat.timeConstant(), 1e7 / 2.09, 1e3);
  for (int i = 0; i < 5; ++i) heat.runOrbits();
  EXPECT_NEAR(heat.grid().mean(heat.temperature()) - end, 10.0 * std::exp(-50.0 * kDaySeconds * 2.09 / 1e7), 0.01);
}

TEST(HeatBalance, AnswersSeasonsWithTheClosedAmplitude) {
  // Every cell alike: C dT/dt = F cos(w t) - B T, amplitude F / sqrt(B^2 + w^2 C^2). An eccentric orbit gives the
  // season.
  const SphereGrid grid = gaussianGrid(8, 1);
  planet::PlanetTruth truth = test::earth();
  truth.orbit.eccentricity = 0.02;
  const std::size_t steps = 1440;
  const Insolation insolation(grid, SunMotion::kDailyMean, truth.orbit, truth.bulk, steps);
  test::FunctionRadiation radiation(
      insolation, [](double) { return 0.3; }, test::linearLongwave);
  const double year = truth.orbit.periodDays * kDaySeconds;
  const HeatCapacities deep = {.land = 5e7, .ocean = 5e7, .meltingIce = 5e7, .ice = 5e7};
  HeatBalance heat(grid, 0.5, std::vector<double>(8, 1.0), deep, year, radiation);
  heat.setTemperature(std::vector<double>(8, 300.0));
  for (int i = 0; i < 12; ++i) {
    heat.runOrbits();
    heat.leap(1e9);
  }
  MonthlyMeans months;
  heat.runOrbits(&months);
  double c = 0.0, s = 0.0;
  for (std::size_t m = 0; m < 12; ++m) {
    const double angle = 2.0 * std::numbers::pi * (static_cast<double>(m) + 0.5) / 12.0;
    double mean = 0.0;
    for (std::size_t i = 0; i < 8; ++i) mean += grid.share[i] * months.temperatureK[m * 8 + i];
    c += mean * std::cos(angle) / 6.0;
    s += mean * std::sin(angle) / 6.0;
  }
  // First harmonic of (a / r)^2 is 2 e; the mean over a month lowers it by sinc(pi / 12).
  const double force = 0.7 * 340.25 * 2.0 * 0.02;
  const double w = 2.0 * std::numbers::pi / year;
  const double sinc = std::sin(std::numbers::pi / 12.0) / (std::numbers::pi / 12.0);
  EXPECT_NEAR(std::hypot(c, s), sinc * force / std::hypot(2.09, w * 5e7), 0.01);
}

TEST(HeatBalance, KeepsTheEnergyOfAFreezingPlanetExactly) {
  const SphereGrid grid = gaussianGrid(32, 64);
  planet::PlanetTruth truth = test::earth();
  truth.surface.uniform = false;
  truth.surface.landSeed = 5;
  PlanetBalance balance(truth, grid, SunMotion::kDailyMean, oceanFraction(grid, truth.surface), 372);
  HeatBalance& heat = balance.heat();
  heat.setTemperature(std::vector<double>(grid.cells(), 276.0));
  const double year = truth.orbit.periodDays * kDaySeconds;
  double before = heat.meanHeatContent();
  for (int i = 0; i < 3; ++i) {
    const OrbitRecord record = heat.runOrbits();
    const double after = heat.meanHeatContent();
    EXPECT_GT(std::abs(after - before) / year, 0.5) << "the test needs a planet that is not in balance";
    EXPECT_NEAR(record.imbalance(), (after - before) / year, 1e-9);
    before = after;
  }
}

TEST(HeatBalance, MonthsMeanTheOrbit) {
  const SphereGrid grid = gaussianGrid(32, 8);
  const planet::PlanetTruth truth = test::earth();
  PlanetBalance balance(truth, grid, SunMotion::kDailyMean, std::vector<double>(grid.cells(), 0.7), 72);
  balance.heat().setTemperature(std::vector<double>(grid.cells(), 288.0));
  MonthlyMeans months;
  const OrbitRecord record = balance.heat().runOrbits(&months);
  double absorbed = 0.0, mean = 0.0;
  for (std::size_t m = 0; m < 12; ++m) {
    const auto part = [&](const std::vector<double>& all) {
      const auto first = all.begin() + static_cast<std::ptrdiff_t>(m * grid.cells());
      return grid.mean(std::vector<double>(first, first + static_cast<std::ptrdiff_t>(grid.cells()))) / 12.0;
    };
    absorbed += part(months.absorbed);
    mean += part(months.temperatureK);
  }
  EXPECT_NEAR(absorbed, record.absorbed, 1e-9);
  EXPECT_NEAR(mean, record.meanTemperatureK, 1e-9);
}

TEST(HeatBalance, LeapNeedsAnOrbitAndStepsNeedMonths) {
  const SphereGrid grid = gaussianGrid(8, 1);
  const planet::PlanetTruth truth = test::earth();
  PlanetBalance balance(truth, grid, SunMotion::kDailyMean, std::vector<double>(8, 0.7), 25);
  balance.heat().setTemperature(std::vector<double>(8, 288.0));
  EXPECT_ANY_THROW(balance.heat().leap(1e8));
  MonthlyMeans months;
  EXPECT_ANY_THROW(balance.heat().runOrbits(&months));
}

}  // namespace
}  // namespace ecumene::data::physics::climate
