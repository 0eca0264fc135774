// SPDX-License-Identifier: Apache-2.0
#include "data/physics/spectrum/chord.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "data/base/error.h"
#include "data/physics/constants.h"
#include "tests/data/physics/spectrum/earth_column.h"
#include "tests/support/number_table.h"

namespace ecumene::data::physics::spectrum {
namespace {

constexpr double kRadius = 6.371e6;
constexpr double kScaleHeight = 7460.0;  // 255 K
constexpr double kDensity0 = 101325.0 / (kBoltzmann * 255.0) * 1e-6;

/// Levels of constant scale height (constant gravity), as the closed form supposes.
std::vector<double> evenLevels(double topM, std::size_t count) {
  std::vector<double> height;
  for (std::size_t i = 0; i <= count; ++i) height.push_back(topM * static_cast<double>(i) / static_cast<double>(count));
  return height;
}

double chordHeightKm(double sigma0, double exponent, double floorM = 0.0) {
  const auto height = evenLevels(20.0 * kScaleHeight, kLayerCount);
  std::vector<double> density;
  for (const double z : height) density.push_back(kDensity0 * sigma0 * std::exp(-(1.0 + exponent) * z / kScaleHeight));
  std::vector<double> absorbed = ChordGeometry(height, kRadius).columns(density);
  for (double& tau : absorbed) tau = -std::expm1(-tau);
  return 1e-3 * effectiveHeightM(height, absorbed, kRadius, floorM);
}

double closedHeightKm(double sigma0, double exponent, double floorM = 0.0) {
  const double tau0 = closedFormChordDepth(kDensity0, sigma0, kRadius * 100.0, kScaleHeight * 100.0, exponent);
  return 1e-3 * closedFormHeight(kScaleHeight, exponent, tau0, floorM);
}

TEST(Chord, TransitHeightsAgreeWithThePlansTableAndTheClosedForm) {
  ecumene::test::NumberTable table("spectrum");
  struct Row {
    double sigma0, exponent, tau0, closed, chord;
  };
  for (const Row& row :
       {Row{1e-28, 0, 0.157, 1.13, 1.13}, Row{1e-26, 0, 15.7, 24.86, 24.89}, Row{1e-24, 0, 1570, 59.22, 59.26},
        Row{1e-24, 1, 1110, 28.32, 28.33}, Row{1e-21, 1, 1.11e6, 54.08, 54.10}}) {
    const std::string name = fmt::format("sigma0 {:.0e} cm2, n {}", row.sigma0, row.exponent);
    table.add({"3.1", "[C]", "tau0, " + name, row.tau0,
               closedFormChordDepth(kDensity0, row.sigma0, kRadius * 100.0, kScaleHeight * 100.0, row.exponent),
               0.01 * row.tau0});
    table.add(
        {"3.1", "[C]", "height km, closed form, " + name, row.closed, closedHeightKm(row.sigma0, row.exponent), 0.05});
    table.add(
        {"3.1", "[C]", "height km, chord integral, " + name, row.chord, chordHeightKm(row.sigma0, row.exponent), 0.05});
  }
  const double thin = closedFormChordDepth(kDensity0, 1e-28, kRadius * 100.0, kScaleHeight * 100.0, 0.0);
  table.add({"3.1", "[C]", "height km without E1, sigma0 1e-28 cm2, n 0", -9.49,
             1e-3 * kScaleHeight * (std::numbers::egamma + std::log(thin)), 0.05});
  table.add({"3.1", "[C]", "scale height of air at 255 K, km", 7.460,
             kGasConstant * 255.0 / (0.028964 * kEarthGravity) * 1e-3, 0.01});
  table.add({"3.1", "[C]", "sqrt(2 pi R / H)", 73.3, std::sqrt(2 * std::numbers::pi * kRadius / kScaleHeight), 0.1});
  table.finish();
}

TEST(Chord, FloorAgreesWithClosedForm) {
  for (const double floorM : {0.0, 5e3, 12.75e3, 40e3}) {
    for (const double sigma : {1e-27, 1e-25, 1e-23}) {
      EXPECT_NEAR(chordHeightKm(sigma, 1.0, floorM), closedHeightKm(sigma, 1.0, floorM), 0.08)
          << floorM << ' ' << sigma;
    }
  }
}

TEST(Chord, LengthsAddUpToTheWholeChord) {
  const std::vector<double> height = evenLevels(1e5, 37);
  const auto column = ChordGeometry(height, kRadius).columns(std::vector<double>(height.size(), 1.0));
  for (std::size_t i = 0; i < height.size(); ++i) {
    const double outer = kRadius + height.back();
    const double tangent = kRadius + height[i];
    EXPECT_NEAR(column[i], 200.0 * std::sqrt(outer * outer - tangent * tangent), 1e-6 * column[0]);
  }
}

TEST(Chord, OpaqueLevelsGiveTheirOwnHeight) {
  const std::vector<double> height = evenLevels(1e5, 1000);
  std::vector<double> absorbed;
  for (const double z : height) absorbed.push_back(z <= 3e4 ? 1.0 : 0.0);
  EXPECT_NEAR(effectiveHeightM(height, absorbed, kRadius, 0.0), 3e4, 60.0);
  EXPECT_NEAR(effectiveHeightM(height, std::vector<double>(height.size(), 0.0), kRadius, 12345.0), 12345.0, 1e-6);
}

TEST(Chord, RefusesOneLevel) {
  EXPECT_THROW(ChordGeometry(std::vector<double>{0.0}, kRadius), Error);
}

TEST(Layers, PressureFallsHydrostaticallyInAnInverseSquareField) {
  planet::Atmosphere air;
  air.ratio(planet::Gas::kH2) = 1.0;
  const Layers layers = buildLayers(test::isothermalColumn(288.0, 1e5), air, kRadius, 9.8);
  // p = p0 exp(-R g z / (R + z) / (Rg T / M)), exact for an isothermal ideal gas.
  for (std::size_t i = 0; i < layers.levels(); i += 10) {
    const double z = layers.heightM[i];
    const double geopotential = 9.8 * kRadius * z / (kRadius + z);
    const double expected = 1e5 * std::exp(-geopotential * 2.016e-3 / (kGasConstant * 288.0));
    EXPECT_NEAR(layers.pressurePa[i] / expected, 1.0, 3e-3) << z;
  }
  EXPECT_GT(layers.heightM.back(), 1.2 * kGasConstant * 288.0 / (2.016e-3 * 9.8) * std::log(1e7));
}

TEST(Layers, WaterMakesMoistAirLighter) {
  const planet::Atmosphere air = test::earthTruth().atmosphere;
  const Layers dry = buildLayers(test::isothermalColumn(300.0, 1e5), air, kRadius, 9.8);
  const Layers wet = buildLayers(test::isothermalColumn(300.0, 1e5, 0.1), air, kRadius, 9.8);
  EXPECT_NEAR(wet.heightM[10] / dry.heightM[10], 28.96 / (0.9 * 28.96 + 0.1 * 18.015), 2e-3);
}

TEST(Layers, StandardAtmosphereHeights) {
  // US Standard Atmosphere 1976: 5474.9 Pa at 20 km, 79.78 Pa at 50 km geometric height.
  const Layers layers = buildLayers(test::earthColumn(), test::earthTruth().atmosphere, kRadius, kEarthGravity);
  EXPECT_NEAR(heightOfPressureM(layers, 5529.3), 20e3, 150.0);
  EXPECT_NEAR(heightOfPressureM(layers, 79.78), 50e3, 400.0);
}

TEST(Layers, OzoneLayerConservesItsColumn) {
  for (const double surface : {5e3, 1e5, 2e6}) {
    double column = 0.0;
    const int steps = 4000;
    const double step = std::log(surface / 1e-3) / steps;
    for (int i = 0; i < steps; ++i) {
      const double p = surface * std::exp(-step * (i + 0.5));
      column += ozoneShape(p, surface) * p * step;
    }
    EXPECT_NEAR(column / surface, 1.0, 1e-3);
  }
  EXPECT_NEAR(0.43 * ozoneShape(900.0, 101325.0), 8.0, 0.5);  // ppm at Earth's peak
}

TEST(Layers, RefuseWhatIsNoColumn) {
  const planet::PlanetTruth truth = test::earthTruth();
  const auto build = [&](const Column& column) { return buildLayers(column, truth.atmosphere, kRadius, 9.8); };
  Column column = test::earthColumn();
  column.temperatureK[3] = std::nan("");
  EXPECT_THROW(build(column), Error);
  column = test::earthColumn();
  std::swap(column.pressurePa[3], column.pressurePa[4]);
  EXPECT_THROW(build(column), Error);
  column = test::earthColumn();
  column.h2oMixingRatio.pop_back();
  EXPECT_THROW(build(column), Error);
  EXPECT_THROW(build(Column{}), Error);
  planet::Atmosphere half = truth.atmosphere;
  half.ratio(planet::Gas::kN2) = 0.1;
  EXPECT_THROW(buildLayers(test::earthColumn(), half, kRadius, 9.8), Error);
}

TEST(Layers, RefuseAnAtmosphereThatGravityDoesNotHold) {
  planet::Atmosphere air;
  air.ratio(planet::Gas::kH2) = 1.0;
  EXPECT_THROW(buildLayers(test::isothermalColumn(400.0, 1e5), air, 1.9e6, 3.0), Error);
}

}  // namespace
}  // namespace ecumene::data::physics::spectrum
