// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/cube_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <string>

#include "data/base/error.h"
#include "data/physics/atmosphere/column.h"
#include "data/physics/atmosphere/labels.h"
#include "data/physics/atmosphere/thermodynamics.h"
#include "tests/data/physics/atmosphere/fixtures.h"

namespace ecumene::data::physics::atmosphere {
namespace {

using planet::VariableId;

const std::vector<float>& values(const planet::ClimateCube& cube, VariableId id) {
  return cube.require(id).values;
}

TEST(CubeBuilder, GivesAllTenVariablesInOrderOnTheCanonicalGrid) {
  const planet::ClimateCube cube = buildCube(earthClimate(), earthTruth());
  EXPECT_NO_THROW(planet::validate(cube));
  EXPECT_EQ(cube.grid, planet::canonicalGrid());
  ASSERT_EQ(cube.fields.size(), planet::kVariableCount);
  for (std::size_t i = 0; i < planet::kVariableCount; ++i) EXPECT_EQ(static_cast<std::size_t>(cube.fields[i].id), i);
  EXPECT_EQ(cube.landFraction, earthClimate().landFraction);
}

TEST(CubeBuilder, KeepsSurfaceAndFluxesOfTheModel) {
  const SurfaceClimate climate = earthClimate();
  const planet::ClimateCube cube = buildCube(climate, earthTruth());
  for (std::size_t i = 0; i < climate.surfaceTemperatureK.size(); ++i) {
    ASSERT_NEAR(values(cube, VariableId::kSurfaceTemperature)[i], climate.surfaceTemperatureK[i], 1.0 / 256.0);
    ASSERT_EQ(values(cube, VariableId::kSeaIceAreaFraction)[i], static_cast<float>(climate.iceFraction[i]));
    ASSERT_EQ(values(cube, VariableId::kToaNetShortwave)[i], static_cast<float>(climate.absorbedShortwaveWm2[i]));
    ASSERT_EQ(values(cube, VariableId::kToaOutgoingLongwave)[i], static_cast<float>(climate.outgoingLongwaveWm2[i]));
  }
  EXPECT_NEAR(areaMean(cube, VariableId::kToaNetShortwave), areaMean(cube, VariableId::kToaOutgoingLongwave), 1e-4);
}

TEST(CubeBuilder, DryPlanetHasADryAdiabatAndNoWater) {
  planet::PlanetTruth dry = earthTruth();
  dry.surface.oceanFraction = 0.0;
  const planet::ClimateCube cube = buildCube(earthClimate(), dry);
  for (const float q : values(cube, VariableId::kSpecificHumidity)) ASSERT_EQ(q, 0.0F);
  for (const float c : values(cube, VariableId::kCloudAreaFraction)) ASSERT_EQ(c, 0.0F);
  const AirProperties air = airProperties(dry.atmosphere);
  const double ts = earthClimate().surfaceTemperatureK[0];
  EXPECT_NEAR(values(cube, VariableId::kAirTemperature)[8],
              ts * std::pow(cube.grid.sigma[8], air.gasConstant / air.heatCapacity), 1e-3);
  // Soil water is water.
  dry.surface.soilMoistureM = 0.05;
  EXPECT_GT(values(buildCube(earthClimate(), dry), VariableId::kSpecificHumidity)[9], 0.0F);
}

TEST(CubeBuilder, EarthIsAsMoistAndCloudyAsEarth) {
  const planet::ClimateCube cube = buildCube(earthClimate(), earthTruth());
  // Precipitable water of Earth: 25 kg/m2 (Trenberth et al. 2005, J. Hydrometeorol. 6: 24.2 kg/m2 with dry-mass
  // trends).
  const auto& q = values(cube, VariableId::kSpecificHumidity);
  double water = 0.0;
  for (std::size_t i = 0; i < q.size(); ++i) {
    const std::size_t k = i % 10;
    const double upper = k == 0 ? 0.0 : 0.5 * (cube.grid.sigma[k - 1] + cube.grid.sigma[k]);
    const double lower = k == 9 ? 1.0 : 0.5 * (cube.grid.sigma[k] + cube.grid.sigma[k + 1]);
    water += static_cast<double>(q[i]) * (lower - upper) * 1.013e5 / 9.81 * cube.grid.cellWeight(i / 640 % 32) / 12.0;
  }
  // Within a factor of 1.5: tropical seas start a saturated adiabat, so the air there is warmer than Earth's.
  EXPECT_GT(water, 25.0 / 1.5);
  EXPECT_LT(water, 25.0 * 1.5);
  const double cloud = areaMean(cube, VariableId::kCloudAreaFraction);
  std::printf("Earth: precipitable water %.1f kg/m2, cloud %.2f\n", water, cloud);
  // 0.56 to 0.75 by what counts as a cloud (Stubenrauch et al. 2013, BAMS 94, 1031), less or more by a quarter.
  EXPECT_GT(cloud, 0.42);
  EXPECT_LT(cloud, 0.9);
}

TEST(CubeBuilder, FastRotatorsAreCloudyToo) {
  // A tenth of the transport: hardly any overturning, as where a planet turns in eight hours.
  SurfaceClimate still = earthClimate();
  for (std::size_t i = 0; i < still.absorbedShortwaveWm2.size(); ++i) {
    still.absorbedShortwaveWm2[i] = 240.0 + 0.1 * (still.absorbedShortwaveWm2[i] - 240.0);
  }
  planet::PlanetTruth fast = earthTruth();
  fast.bulk.rotationDays = 0.33;
  const double cloud = areaMean(buildCube(still, fast), VariableId::kCloudAreaFraction);
  EXPECT_GT(cloud, 0.3);
  EXPECT_LT(cloud, 0.8);
}

TEST(CubeBuilder, HotDesertIsDryAndClear) {
  // A cap of land at 420 K north of 50 degrees, in the sun; sea elsewhere.
  SurfaceClimate climate = makeClimate([](double lat, double, std::size_t) { return lat > 50.0 ? 420.0 : 290.0; });
  const planet::Grid& grid = planet::canonicalGrid();
  for (std::size_t i = 0; i < grid.cells(); ++i)
    climate.landFraction[i] = grid.latitudeDeg[i / 64] > 50.0 ? 1.0F : 0.0F;
  const planet::ClimateCube cube = buildCube(climate, earthTruth());
  const auto& ta = values(cube, VariableId::kAirTemperature);
  const auto& hus = values(cube, VariableId::kSpecificHumidity);
  const AirProperties air = airProperties(earthTruth().atmosphere);
  const std::size_t desert = (29 * 64 + 5) * 10;
  const double ps = static_cast<double>(values(cube, VariableId::kSurfaceAirPressure)[0]);
  // Vapour that a sea of 290 K gives: 1938 Pa by steam tables, over 4.4 bar at 420 K.
  const double vapour = vapourMixingRatio(static_cast<double>(hus[desert + 9]), air) * ps;
  EXPECT_GT(vapour, 500.0);
  EXPECT_LT(vapour, 1950.0);
  // Its air is on the dry adiabat, not on that of steam.
  EXPECT_NEAR(ta[desert + 6], 420.0 * std::pow(grid.sigma[6], air.gasConstant / air.heatCapacity), 0.1);
  const auto& clt = values(cube, VariableId::kCloudAreaFraction);
  EXPECT_LT(clt[29 * 64 + 5], 0.5F * clt[16 * 64 + 5]);
}

TEST(CubeBuilder, SubstellarSkyIsCloudierThanTheNight) {
  planet::PlanetTruth slow = earthTruth();
  slow.bulk.rotationDays = 20.0;
  const planet::ClimateCube cube = buildCube(eyeballClimate(), slow);
  const auto& clt = values(cube, VariableId::kCloudAreaFraction);
  EXPECT_GT(clt[16 * 64 + 32], clt[16 * 64] + 0.2F);
}

/// Vapour never exceeds saturation, every value lies inside its variable's physical range.
void expectPhysical(const planet::ClimateCube& cube, const planet::Atmosphere& atmosphere, const std::string& what) {
  SCOPED_TRACE(what);
  ASSERT_NO_THROW(planet::validate(cube));
  for (const planet::Field& field : cube.fields) {
    const auto& row = planet::info(field.id);
    const auto range = planet::statistics(cube, field);
    EXPECT_GE(range.minimum, row.validMin) << row.name;
    EXPECT_LE(range.maximum, row.validMax) << row.name;
  }
  const AirProperties air = airProperties(atmosphere);
  const auto& ta = values(cube, VariableId::kAirTemperature);
  const auto& hus = values(cube, VariableId::kSpecificHumidity);
  const double ps = static_cast<double>(values(cube, VariableId::kSurfaceAirPressure)[0]);
  double worst = 0.0;
  for (std::size_t i = 0; i < ta.size(); ++i) {
    const double saturation = saturationMixingRatio(static_cast<double>(ta[i]), ps * cube.grid.sigma[i % 10]);
    worst = std::max(worst, vapourMixingRatio(static_cast<double>(hus[i]), air) / saturation);
  }
  EXPECT_LE(worst, 1.003);
  // No column holds more vapour above than below: nothing passes a cold trap twice.
  for (std::size_t i = 0; i < hus.size(); ++i) {
    if (i % 10 == 9) continue;
    ASSERT_LE(hus[i], hus[i + 1] * 1.00001F) << i;
  }
}

struct NamedPattern {
  const char* name;
  Pattern temperature;
};

TEST(CubeBuilder, ExtremePlanetsStayFiniteAndInsidePhysicalRanges) {
  const std::vector<NamedPattern> patterns{
      {"150 K", [](double, double, std::size_t) { return 150.0; }},
      {"400 K", [](double, double, std::size_t) { return 400.0; }},
      {"poles 150 K, equator 400 K",
       [](double lat, double, std::size_t) { return 400.0 - 250.0 * std::pow(std::sin(radians(lat)), 2); }},
      {"day 400 K, night 150 K",
       [](double lat, double lon, std::size_t) { return 275.0 + 125.0 * substellarCosine(lat, lon); }},
      {"checkerboard of coasts",
       [](double lat, double lon, std::size_t) {
         return std::sin(radians(8.0 * lon)) * std::sin(radians(8.0 * lat)) > 0.0 ? 320.0 : 230.0;
       }},
  };
  double fastest = 0.0;
  std::string where;
  for (const planet::Gas gas : {planet::Gas::kN2, planet::Gas::kH2, planet::Gas::kCO2}) {
    for (const double bar : {0.05, 1.0, 50.0}) {
      for (const double days : {0.1, 1.0, 1000.0}) {
        for (const NamedPattern& pattern : patterns) {
          planet::PlanetTruth truth = truthOf(gas, bar * 1e5);
          truth.bulk.rotationDays = days;
          truth.bulk.gravity = days < 1.0 ? 25.0 : 4.0;
          truth.bulk.radiusEarth = days < 1.0 ? 0.5 : 2.0;
          SurfaceClimate climate = makeClimate(pattern.temperature);
          // Fluxes in local balance with sigma T^4: a transport far stronger than any real one.
          for (std::size_t i = 0; i < climate.surfaceTemperatureK.size(); ++i) {
            climate.absorbedShortwaveWm2[i] = 5.67e-8 * std::pow(climate.surfaceTemperatureK[i], 4);
          }
          const std::string what = std::string(planet::name(gas)) + " " + std::to_string(bar) + " bar, " +
                                   std::to_string(days) + " d, " + pattern.name;
          const planet::ClimateCube cube = buildCube(climate, truth);
          expectPhysical(cube, truth.atmosphere, what);
          const auto u = planet::statistics(cube, cube.require(VariableId::kEastwardWind));
          if (std::max(u.maximum, -u.minimum) > fastest) {
            fastest = std::max(u.maximum, -u.minimum);
            where = what;
          }
          const planet::ClimateLabels labels = computeLabels(cube, {.oceanFraction = 0.7,
                                                                    .largestOlrWm2 = 300.0,
                                                                    .atmosphere = truth.atmosphere,
                                                                    .stratosphereAbove = true});
          EXPECT_TRUE(std::isfinite(*labels.stratosphericH2O) && *labels.stratosphericH2O > 0.0) << what;
          EXPECT_TRUE(std::isfinite(*labels.oceanLossGyr) && *labels.oceanLossGyr > 0.0) << what;
          const Column column = areaMeanColumn(cube, truth.atmosphere);
          for (std::size_t i = 0; i < column.pressurePa.size(); ++i) {
            ASSERT_TRUE(std::isfinite(column.temperatureK[i]) && std::isfinite(column.h2oMixingRatio[i])) << what;
          }
        }
      }
    }
  }
  std::printf("fastest zonal wind %.0f m/s: %s\n", fastest, where.c_str());
  EXPECT_LT(fastest, 500.0);
}

TEST(CubeBuilder, GivesTheSameBytesAgain) {
  EXPECT_EQ(buildCube(earthClimate(), earthTruth()), buildCube(earthClimate(), earthTruth()));
}

TEST(CubeBuilder, RefusesWhatItCannotBuild) {
  const auto refuses = [](const std::function<void(SurfaceClimate&, planet::PlanetTruth&)>& spoil) {
    SurfaceClimate climate = earthClimate();
    planet::PlanetTruth truth = earthTruth();
    spoil(climate, truth);
    EXPECT_THROW(buildCube(climate, truth), Error);
  };
  refuses([](auto& c, auto&) { c.surfaceTemperatureK.pop_back(); });
  refuses([](auto& c, auto&) { c.iceFraction.clear(); });
  refuses([](auto& c, auto&) { c.surfaceTemperatureK[7] = std::numeric_limits<double>::quiet_NaN(); });
  refuses([](auto& c, auto&) { c.outgoingLongwaveWm2[7] = std::numeric_limits<double>::infinity(); });
  refuses([](auto& c, auto&) { c.surfaceTemperatureK[7] = 1100.0; });
  refuses([](auto& c, auto&) { c.surfaceTemperatureK[7] = 20.0; });
  refuses([](auto&, auto& t) { t.bulk.rotationDays = 0.0; });
  refuses([](auto&, auto& t) { t.bulk.gravity = -1.0; });
  refuses([](auto&, auto& t) { t.bulk.radiusEarth = std::numeric_limits<double>::quiet_NaN(); });
  refuses([](auto&, auto& t) { t.atmosphere.surfacePressurePa = 0.0; });
  refuses([](auto&, auto& t) { t.atmosphere.mixingRatio = {}; });
}

}  // namespace
}  // namespace ecumene::data::physics::atmosphere
