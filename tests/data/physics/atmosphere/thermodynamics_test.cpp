// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/thermodynamics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "data/base/error.h"
#include "data/physics/atmosphere/escape.h"
#include "data/physics/constants.h"
#include "tests/data/physics/atmosphere/fixtures.h"

namespace ecumene::data::physics::atmosphere {
namespace {

TEST(Thermodynamics, SaturationAgreesWithStandardTables) {
  // WMO-No. 8 / Smithsonian tables: hPa over water at 20 and 40 C, over ice at -20 and -40 C.
  EXPECT_NEAR(saturationPressurePa(293.15), 2338.8, 0.002 * 2338.8);
  EXPECT_NEAR(saturationPressurePa(313.15), 7384.9, 0.002 * 7384.9);
  EXPECT_NEAR(saturationPressurePa(253.15), 103.26, 0.002 * 103.26);
  EXPECT_NEAR(saturationPressurePa(233.15), 12.84, 0.003 * 12.84);
  // Supercooled water at -20 C.
  EXPECT_NEAR(saturationPressurePa(253.15, Phase::kLiquid), 125.4, 0.01 * 125.4);
  // The two phases meet at the switch.
  EXPECT_NEAR(saturationPressurePa(273.15 - 1e-9), saturationPressurePa(273.15), 0.1);
}

TEST(Thermodynamics, SaturationSlopeIsTheDerivative) {
  for (const Phase phase : {Phase::kStable, Phase::kLiquid}) {
    for (double t = 152.0; t < 450.0; t += 7.0) {
      const double h = 1e-4 * t;
      const double numeric =
          (std::log(saturationPressurePa(t + h, phase)) - std::log(saturationPressurePa(t - h, phase))) /
          (std::log(t + h) - std::log(t - h));
      EXPECT_NEAR(saturationSlope(t, phase), numeric, 2e-5 * numeric) << t;
    }
  }
}

TEST(Thermodynamics, LatentHeatObeysClausiusClapeyron) {
  // L = R_v T (d ln e_s / d ln T) ties the two fits together; both are published apart from each other.
  for (const double t : {200.0, 230.0, 260.0, 275.0, 290.0, 310.0}) {
    EXPECT_NEAR(latentHeat(t), kVapourGasConstant * t * saturationSlope(t), 0.01 * latentHeat(t)) << t;
  }
  // Steam tables: 2257 kJ/kg at 100 C.
  EXPECT_NEAR(latentHeat(373.15), 2.257e6, 0.01 * 2.257e6);
}

TEST(Thermodynamics, AirOfKnownMixtures) {
  const AirProperties n2 = airProperties(truthOf(planet::Gas::kN2, 1e5).atmosphere);
  EXPECT_NEAR(n2.gasConstant, 296.8, 0.1);    // 8314.46 / 28.014
  EXPECT_NEAR(n2.heatCapacity, 1039.6, 1.0);  // NIST: 1.040 kJ/kg/K
  const AirProperties co2 = airProperties(truthOf(planet::Gas::kCO2, 1e5).atmosphere);
  EXPECT_NEAR(co2.heatCapacity, 844.0, 2.0);  // NIST: 0.844 kJ/kg/K
  const AirProperties h2 = airProperties(truthOf(planet::Gas::kH2, 1e5).atmosphere);
  EXPECT_NEAR(h2.heatCapacity, 14304.0, 20.0);  // NIST: 14.30 kJ/kg/K
  const AirProperties earth = airProperties(earthTruth().atmosphere);
  EXPECT_NEAR(earth.molarMassGMol, 28.85, 0.01);
  EXPECT_NEAR(earth.heatCapacity, 1011.0, 2.0);
  // By mole, not by mass: equal numbers of H2 and CO2.
  planet::Atmosphere half;
  half.ratio(planet::Gas::kH2) = half.ratio(planet::Gas::kCO2) = 0.5;
  EXPECT_NEAR(airProperties(half).molarMassGMol, 0.5 * (2.016 + 44.009), 1e-9);
}

TEST(Thermodynamics, RefusesRatiosThatAreNotShares) {
  planet::Atmosphere air = earthTruth().atmosphere;
  air.ratio(planet::Gas::kCO2) = 0.2;
  EXPECT_THROW(airProperties(air), Error);
  air.ratio(planet::Gas::kCO2) = -0.1;
  EXPECT_THROW(airProperties(air), Error);
  air.ratio(planet::Gas::kCO2) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(airProperties(air), Error);
  EXPECT_THROW(airProperties(planet::Atmosphere{}), Error);
}

TEST(Thermodynamics, AdiabatHasItsTwoLimits) {
  const AirProperties air = airProperties(earthTruth().atmosphere);
  // Cold air holds no vapour: dry adiabat.
  EXPECT_NEAR(pseudoAdiabatSlope(air, 150.0, 1e5), air.gasConstant / air.heatCapacity, 1e-6);
  // Nearly pure steam follows its saturation curve: d ln T / d ln p = 1 / (d ln e_s / d ln T).
  const double t = 390.0;
  const double p = saturationPressurePa(t) / 0.98;
  EXPECT_NEAR(pseudoAdiabatSlope(air, t, p), 1.0 / saturationSlope(t), 0.03 / saturationSlope(t));
  // Beyond saturation at any pressure: superheated steam, R/cp of (almost) water vapour.
  EXPECT_NEAR(pseudoAdiabatSlope(air, t, 0.5 * p), kVapourGasConstant / kVapourHeatCapacity, 0.003);
}

TEST(Thermodynamics, HumidityConvertsThereAndBack) {
  const AirProperties air = airProperties(truthOf(planet::Gas::kH2, 1e5).atmosphere);
  for (const double ratio : {0.0, 1e-9, 1e-3, 0.5, 0.99, 1.0}) {
    EXPECT_NEAR(vapourMixingRatio(specificHumidity(ratio, air), air), ratio, 1e-12);
  }
  // Vapour is nine times as heavy as H2.
  EXPECT_NEAR(specificHumidity(1e-6, air), 1e-6 * 18.015 / 2.016, 1e-10);
}

TEST(Escape, CountsAllHydrogenCarriersAndDividesTheOcean) {
  EXPECT_DOUBLE_EQ(hydrogenEscapePerM2S(0.0, 1e-3, 0.0), 2.0 * hydrogenEscapePerM2S(1e-3, 0.0, 0.0));
  EXPECT_DOUBLE_EQ(hydrogenEscapePerM2S(0.0, 0.0, 1e-3), hydrogenEscapePerM2S(1e-3, 0.0, 0.0));
  EXPECT_NEAR(oceanLossGyr(1e-5, 0.0, 0.0), 100.0 * oceanLossGyr(1e-3, 0.0, 0.0), 1e-6 * oceanLossGyr(1e-5, 0.0, 0.0));
  // Each carrier counts by its hydrogen atoms.
  EXPECT_DOUBLE_EQ(oceanLossGyr(1e-5, 1e-5, 1e-5), oceanLossGyr(4e-5, 0.0, 0.0));
  // Longer than the smallest stars burn is one value.
  EXPECT_EQ(oceanLossGyr(1e-12, 0.0, 0.0), kLongestLossGyr);
  EXPECT_LT(oceanLossGyr(1e-5, 0.0, 0.0), kLongestLossGyr);
  EXPECT_THROW(oceanLossGyr(0.0, 1e-3, 1e-3), Error);
}

}  // namespace
}  // namespace ecumene::data::physics::atmosphere
