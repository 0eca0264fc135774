// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/phase_change.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/base/error.h"
#include "tests/data/physics/atmosphere/fixtures.h"

namespace ecumene::data::physics::atmosphere {
namespace {

planet::ClimateCube withPressure(const Pattern& temperature, double pressurePa) {
  planet::ClimateCube cube = surfaceCube(temperature);
  cube.landFraction.assign(cube.grid.cells(), 0.3F);
  cube.fields.push_back({planet::VariableId::kSurfaceAirPressure,
                         std::vector<float>(planet::kMonths * cube.grid.cells(), static_cast<float>(pressurePa))});
  return cube;
}

double northernHalf(double lat, double, std::size_t) {
  return lat > 0.0 ? 350.0 : 250.0;
}

TEST(Co2Saturation, HasThePublishedPoints) {
  // Sublimation at one atmosphere 194.686 K (ITS-90 reference point); triple point 216.592 K, 5.1795 bar; 34.851 bar at
  // 0 C and 50.871 bar at 15 C (NIST fluid tables); winter frost of Mars, 6.1 mbar, at 148 K (James et al. 1992).
  EXPECT_NEAR(co2SaturationPa(194.686), 101325.0, 30.0);
  EXPECT_NEAR(co2SaturationPa(216.592), 5.1795e5, 50.0);
  EXPECT_NEAR(co2SaturationPa(273.15), 3.4851e6, 1e3);
  EXPECT_NEAR(co2SaturationPa(288.15), 5.0871e6, 1e3);
  EXPECT_NEAR(co2SaturationPa(148.0), 610.0, 30.0);
  EXPECT_NEAR(co2SaturationPa(216.5919), co2SaturationPa(216.592), 50.0);
  EXPECT_TRUE(std::isinf(co2SaturationPa(305.0)));
}

TEST(BoilingShare, IsTheSeasWhereWaterBoilsAtThePressureThatIs) {
  // Steam table: 41.68 kPa at 350 K.
  EXPECT_NEAR(boilingShare(withPressure(northernHalf, 40e3)), 0.5 * 0.7, 1e-6);
  EXPECT_EQ(boilingShare(withPressure(northernHalf, 44e3)), 0.0);
  planet::ClimateCube land = withPressure(northernHalf, 40e3);
  land.landFraction.assign(land.grid.cells(), 1.0F);
  EXPECT_EQ(boilingShare(land), 0.0) << "dry land boils nothing";
  EXPECT_THROW(boilingShare(surfaceCube(northernHalf)), Error);
}

TEST(Co2FrostShare, IsTheGroundBelowTheFrostPointOfTheCo2ThatIs) {
  const Pattern winter = [](double lat, double, std::size_t month) { return lat > 0.0 && month < 3 ? 194.0 : 210.0; };
  // 1 atm of CO2 freezes at 194.7 K.
  planet::PlanetTruth truth = truthOf(planet::Gas::kCO2, 1e5);
  EXPECT_NEAR(co2FrostShare(withPressure(winter, 1.01325e5), truth.atmosphere), 0.125, 1e-6);
  EXPECT_EQ(co2FrostShare(withPressure(winter, 0.9e5), truth.atmosphere), 0.0);
  // Half of two atmospheres is one.
  truth.atmosphere.ratio(planet::Gas::kCO2) = 0.5;
  truth.atmosphere.ratio(planet::Gas::kN2) = 0.5;
  EXPECT_NEAR(co2FrostShare(withPressure(winter, 2.0265e5), truth.atmosphere), 0.125, 1e-6);
  EXPECT_EQ(co2FrostShare(withPressure(winter, 1.8e5), truth.atmosphere), 0.0);
  EXPECT_EQ(co2FrostShare(withPressure(winter, 2e5), earthTruth().atmosphere), 0.0) << "no CO2, no frost";
}

}  // namespace
}  // namespace ecumene::data::physics::atmosphere
