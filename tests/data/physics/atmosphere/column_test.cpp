// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/column.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/physics/atmosphere/cube_builder.h"
#include "tests/data/physics/atmosphere/fixtures.h"

namespace ecumene::data::physics::atmosphere {
namespace {

/// Pierrehumbert 2010, eq. 2.33, marched in the logarithm of the dry pressure with a thousand times finer steps, total
/// pressure put together afterwards: another variable, another scheme (midpoint).
double slowAdiabat(const AirProperties& air, double temperatureK, double fromPa, double toPa) {
  double t = temperatureK;
  double logDry = std::log(fromPa - saturationPressurePa(t));
  const double step = -1e-4;
  const auto slope = [&](double kelvin, double logP) {
    const double l = latentHeat(kelvin);
    const double r = air.gasConstant / 461.5 * saturationPressurePa(kelvin) / std::exp(logP);
    const double up = 1.0 + l * r / (air.gasConstant * kelvin);
    const double down =
        1.0 + (1864.5 / air.heatCapacity + (l / (461.5 * kelvin) - 1.0) * l / (air.heatCapacity * kelvin)) * r;
    return kelvin * air.gasConstant / air.heatCapacity * up / down;
  };
  while (true) {
    const double half = t + 0.5 * step * slope(t, logDry);
    const double next = t + step * slope(half, logDry + 0.5 * step);
    if (std::exp(logDry + step) + saturationPressurePa(next) <= toPa) return next;
    t = next;
    logDry += step;
  }
}

TEST(Adiabat, AgreesWithASlowMarchInDryPressure) {
  for (const double ground : {255.0, 273.15, 288.0, 310.0, 340.0}) {
    const double from = 1e5 + saturationPressurePa(ground);
    for (const double to : {9e4, 5e4, 2e4}) {
      EXPECT_NEAR(alongAdiabat(earthAir(), Moisture::kSaturated, ground, from, to),
                  slowAdiabat(earthAir(), ground, from, to), 0.03)
          << ground << " K to " << to;
    }
  }
}

TEST(Adiabat, DryOneHasItsClosedForm) {
  const AirProperties air = earthAir();
  EXPECT_NEAR(alongAdiabat(air, Moisture::kDry, 300.0, 1e5, 5e4),
              300.0 * std::pow(0.5, air.gasConstant / air.heatCapacity), 1e-9);
  const double p = adiabatPressureAt(air, Moisture::kDry, 300.0, 1e5, 200.0, 1.0);
  EXPECT_NEAR(alongAdiabat(air, Moisture::kDry, 300.0, 1e5, p), 200.0, 1e-9);
}

TEST(Adiabat, PressureOfATemperatureIsTheInverse) {
  for (const double ground : {240.0, 288.0, 345.0, 400.0}) {
    const double from = 1e5 + saturationPressurePa(ground);
    const double p = adiabatPressureAt(earthAir(), Moisture::kSaturated, ground, from, 200.0, 1e-6);
    EXPECT_NEAR(alongAdiabat(earthAir(), Moisture::kSaturated, ground, from, p), 200.0, 0.05) << ground;
  }
  EXPECT_DOUBLE_EQ(adiabatPressureAt(earthAir(), Moisture::kSaturated, 190.0, 1e5, 200.0, 1.0), 1e5);
  EXPECT_DOUBLE_EQ(adiabatPressureAt(earthAir(), Moisture::kSaturated, 300.0, 1e5, 200.0, 9e4), 9e4);
}

TEST(ColumnTable, GivesWhatTheColumnItselfGives) {
  const AirProperties air = earthAir();
  const auto& sigma = planet::canonicalGrid().sigma;
  const double ps = 1.02e5;
  const ColumnTable table(air, Moisture::kSaturated, ps, sigma, 180.0, 330.0);
  std::vector<double> t(sigma.size());
  std::vector<double> s(sigma.size());
  for (double ground = 180.0; ground <= 330.0; ground += 0.37) {
    table.lookup(ground, ground, t, s);
    for (std::size_t k = 0; k < sigma.size(); ++k) {
      const double floor = std::min(kStratosphereK, ground);
      const double trap = adiabatPressureAt(air, Moisture::kSaturated, ground, ps, floor, 1.0);
      const double expected =
          sigma[k] * ps <= trap ? floor : alongAdiabat(air, Moisture::kSaturated, ground, ps, sigma[k] * ps);
      EXPECT_NEAR(t[k], expected, 0.03) << ground << " level " << k;
      EXPECT_GE(t[k], floor - 1e-9);
      const double saturation = saturationPressurePa(t[k]) / (sigma[k] * ps);
      EXPECT_NEAR(std::exp(s[k]), saturation, 2e-3 * saturation);
    }
  }
  EXPECT_THROW(table.lookup(179.0, 179.0, t, s), Error);
  EXPECT_THROW(table.lookup(331.0, 331.0, t, s), Error);
}

TEST(Stratosphere, FollowsTheSkinTemperatureFromEarths) {
  EXPECT_DOUBLE_EQ(stratosphereK(240.0), 200.0);
  EXPECT_NEAR(stratosphereK(120.0) / stratosphereK(300.0), skinTemperatureK(120.0) / skinTemperatureK(300.0), 1e-12);
  const auto& sigma = planet::canonicalGrid().sigma;
  const ColumnTable table(earthAir(), Moisture::kSaturated, 1e5, sigma, 240.0, 300.0, stratosphereK(150.0));
  std::vector<double> t(sigma.size());
  std::vector<double> s(sigma.size());
  table.lookup(250.0, 250.0, t, s);
  EXPECT_NEAR(t[0], 200.0 * std::pow(150.0 / 240.0, 0.25), 1e-9);
  planet::ClimateCube cube = surfaceCube([](double, double, std::size_t) { return 250.0; });
  EXPECT_EQ(stratosphereK(cube), 200.0) << "no fluxes, no other guess";
  cube.fields.push_back({planet::VariableId::kToaOutgoingLongwave, std::vector<float>(12 * 32 * 64, 150.0F)});
  EXPECT_NEAR(stratosphereK(cube), t[0], 1e-6);
}

TEST(ColumnTable, ColdGroundMakesTheWholeColumnIsothermal) {
  const auto& sigma = planet::canonicalGrid().sigma;
  const ColumnTable table(earthAir(), Moisture::kSaturated, 1e5, sigma, 150.0, 190.0);
  std::vector<double> t(sigma.size());
  std::vector<double> s(sigma.size());
  table.lookup(161.3, 161.3, t, s);
  for (const double kelvin : t) EXPECT_NEAR(kelvin, 161.3, 1e-9);
}

/// Uniform planet of one ground temperature, dry pressure one bar.
planet::ClimateCube uniformCube(double groundK) {
  return buildCube(makeClimate([&](double, double, std::size_t) { return groundK; }), earthTruth());
}

TEST(MeanColumn, ProfileOfAUniformPlanetIsItsColumn) {
  const planet::ClimateCube cube = uniformCube(288.0);
  const AirProperties air = earthAir();
  const MeanProfile profile = meanProfile(cube, air);
  ASSERT_EQ(profile.pressurePa.size(), 11U);
  const double ps = static_cast<double>(cube.require(planet::VariableId::kSurfaceAirPressure).values[0]);
  EXPECT_NEAR(profile.pressurePa[0], ps, 0.01);
  EXPECT_NEAR(profile.temperatureK[0], 288.0, 1e-4);
  EXPECT_NEAR(profile.temperatureK[6], alongAdiabat(air, Moisture::kSaturated, 288.0, ps, 0.4368 * ps), 0.02);
  // Relative humidity of Manabe & Wetherald at the lowest level, a little above for the 1.7 % of vapour in the air.
  EXPECT_NEAR(profile.h2oMixingRatio[1] * profile.pressurePa[1] / saturationPressurePa(profile.temperatureK[1]),
              0.77 * (0.9833 - 0.02) / 0.98 + 0.004, 2e-3);
}

/// Saturated column over a ground where dry air has a partial pressure of one bar, as science.md 2.7 sets its columns.
MeanProfile saturatedProfile(double groundK) {
  const auto& sigma = planet::canonicalGrid().sigma;
  const double ps = 1e5 + saturationPressurePa(groundK);
  const ColumnTable table(earthAir(), Moisture::kSaturated, ps, sigma, groundK - 1.0, groundK + 1.0);
  std::vector<double> t(sigma.size());
  std::vector<double> logSaturation(sigma.size());
  table.lookup(groundK, groundK, t, logSaturation);
  MeanProfile profile{{ps}, {groundK}, {saturationMixingRatio(groundK, ps)}};
  for (std::size_t k = sigma.size(); k-- > 0;) {
    profile.pressurePa.push_back(sigma[k] * ps);
    profile.temperatureK.push_back(t[k]);
    profile.h2oMixingRatio.push_back(std::exp(logSaturation[k]));
  }
  return profile;
}

TEST(MeanColumn, ColdTrapOfHotPlanetsLiesAboveTheTopLevel) {
  // science.md 2.7, made with other heat capacities: 1.2e-3 at 340 K, 1.1e-2 at 350 K.
  const double warm = coldTrapMixingRatio(earthAir(), saturatedProfile(340.0));
  const double hot = coldTrapMixingRatio(earthAir(), saturatedProfile(350.0));
  EXPECT_NEAR(warm, 1.2e-3, 0.1e-3);
  EXPECT_NEAR(hot, 1.1e-2, 0.1e-2);
  EXPECT_NEAR(coldTrapMixingRatio(earthAir(), saturatedProfile(288.0)), 8.1e-6, 0.3e-6);
}

TEST(MeanColumn, InteriorColdTrapStaysWhereItIs) {
  // A warm stratosphere over a cold tropopause: nothing is extended above the top.
  const MeanProfile profile{{1e5, 5e4, 1e4, 5e3}, {220.0, 205.0, 190.0, 240.0}, {1e-6, 1e-6, 1e-6, 1e-6}};
  const double trap = coldTrapMixingRatio(earthAir(), profile);
  EXPECT_LE(trap, saturationPressurePa(190.0) / 1e4);
  EXPECT_GE(trap, saturationPressurePa(190.0) / 5e4);
}

TEST(MeanColumn, ColumnForSpectraReachesUpAndHoldsTheTrap) {
  for (const double ground : {170.0, 230.0, 288.0, 340.0, 400.0}) {
    const Column column = areaMeanColumn(uniformCube(ground), earthTruth().atmosphere);
    ASSERT_EQ(column.pressurePa.size(), column.temperatureK.size());
    ASSERT_EQ(column.pressurePa.size(), column.h2oMixingRatio.size());
    EXPECT_LT(column.pressurePa.back(), 0.2);
    for (std::size_t i = 1; i < column.pressurePa.size(); ++i) {
      EXPECT_LT(column.pressurePa[i], column.pressurePa[i - 1]);
      EXPECT_LE(column.temperatureK[i], column.temperatureK[i - 1] + 1e-3);
      EXPECT_LE(column.h2oMixingRatio[i], column.h2oMixingRatio[i - 1] * (1.0 + 1e-6));
      EXPECT_LE(column.h2oMixingRatio[i], 1.002 * saturationMixingRatio(column.temperatureK[i], column.pressurePa[i]));
    }
    EXPECT_NEAR(column.temperatureK.back(), std::min(200.0, ground), 1e-3);
  }
}

TEST(MeanColumn, CloudDeckSitsInTheCloudyLayer) {
  const planet::ClimateCube cube = buildCube(earthClimate(), earthTruth());
  const Column column = areaMeanColumn(cube, earthTruth().atmosphere);
  const auto clt = planet::statistics(cube, cube.require(planet::VariableId::kCloudAreaFraction));
  EXPECT_NEAR(column.cloudFraction, clt.areaWeightedMean, 1e-6);
  EXPECT_GT(column.cloudFraction, 0.05);
  // Manabe & Wetherald's humidity halves between sigma 0.57 and 0.44.
  EXPECT_NEAR(column.cloudTopPressurePa, 0.5668 * column.pressurePa.front(), 1.0);
  // Saturated to its top, a cube has its deck where 233.15 K are passed: thin ice above hides little.
  planet::ClimateCube saturated = buildCube(earthClimate(), earthTruth());
  const MeanProfile profile = meanProfile(saturated, earthAir());
  for (planet::Field& field : saturated.fields) {
    if (field.id == planet::VariableId::kSpecificHumidity) std::fill(field.values.begin(), field.values.end(), 0.9F);
  }
  const double top = areaMeanColumn(saturated, earthTruth().atmosphere).cloudTopPressurePa;
  for (std::size_t i = 1; i < profile.pressurePa.size(); ++i) {
    EXPECT_EQ(profile.temperatureK[i] >= 233.15, profile.pressurePa[i] >= top - 1e-6) << i;
  }
  // Colder than that everywhere: on the lowest level.
  planet::ClimateCube cold = uniformCube(215.0);
  for (planet::Field& field : cold.fields) {
    if (field.id == planet::VariableId::kCloudAreaFraction) std::fill(field.values.begin(), field.values.end(), 0.5F);
  }
  const Column low = areaMeanColumn(cold, earthTruth().atmosphere);
  EXPECT_DOUBLE_EQ(low.cloudTopPressurePa, low.pressurePa[1]);
  // No cloud, no deck.
  planet::PlanetTruth dry = earthTruth();
  dry.surface.oceanFraction = 0.0;
  const Column clear = areaMeanColumn(buildCube(earthClimate(), dry), dry.atmosphere);
  EXPECT_EQ(clear.cloudFraction, 0.0);
  EXPECT_EQ(clear.cloudTopPressurePa, 0.0);
}

}  // namespace
}  // namespace ecumene::data::physics::atmosphere
