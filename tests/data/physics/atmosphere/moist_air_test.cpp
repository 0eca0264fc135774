// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/moist_air.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "data/physics/atmosphere/cube_builder.h"
#include "data/physics/atmosphere/phase_change.h"
#include "tests/data/physics/atmosphere/fixtures.h"

namespace ecumene::data::physics::atmosphere {
namespace {

using planet::VariableId;

/// Mean weight of the vapour in Pa: q between the middles of neighbouring levels.
double vapourWeightPa(const planet::ClimateCube& cube) {
  const auto& q = cube.require(VariableId::kSpecificHumidity).values;
  const auto& ps = cube.require(VariableId::kSurfaceAirPressure).values;
  const auto& sigma = cube.grid.sigma;
  double weight = 0.0;
  for (std::size_t i = 0; i < q.size(); ++i) {
    const std::size_t k = i % 10;
    const double upper = k == 0 ? 0.0 : 0.5 * (sigma[k - 1] + sigma[k]);
    const double lower = k == 9 ? 1.0 : 0.5 * (sigma[k] + sigma[k + 1]);
    weight += static_cast<double>(q[i]) * (lower - upper) * static_cast<double>(ps[i / 10]) *
              cube.grid.cellWeight(i / 640 % 32) / 12.0;
  }
  return weight;
}

TEST(MoistAir, SurfacePressureIsTheWeightOfDryAirAndVapourAndSteady) {
  const Pattern hot = [](double lat, double, std::size_t) {
    return 370.0 - 80.0 * std::pow(std::sin(radians(lat)), 2);
  };
  const Pattern eyeball = [](double lat, double lon, std::size_t) {
    return 300.0 + 136.0 * substellarCosine(lat, lon);
  };
  for (const double pressurePa : {5.4e3, 1.74e4, 1e5, 5e6}) {
    for (const Pattern& pattern : {hot, eyeball, Pattern([](double, double, std::size_t) { return 230.0; })}) {
      planet::PlanetTruth truth = earthTruth();
      truth.atmosphere.surfacePressurePa = pressurePa;
      const planet::ClimateCube cube = buildCube(makeClimate(pattern), truth);
      const auto& ps = cube.require(VariableId::kSurfaceAirPressure).values;
      EXPECT_EQ(*std::min_element(ps.begin(), ps.end()), *std::max_element(ps.begin(), ps.end()));
      EXPECT_NEAR(static_cast<double>(ps[0]) - vapourWeightPa(cube), pressurePa, 3e-4 * pressurePa);
    }
  }
}

TEST(MoistAir, VapourOfEarthWeighsWhatIsObserved) {
  // 25 kg/m2 (Trenberth et al. 2005); within a factor of 1.5, as its amount.
  const double weight = areaMean(buildCube(earthClimate(), earthTruth()), VariableId::kSurfaceAirPressure) - 1e5;
  EXPECT_GT(weight, 25.0 * 9.81 / 1.5);
  EXPECT_LT(weight, 25.0 * 9.81 * 1.5);
}

TEST(MoistAir, OfADryPlanetIsDryAirOnly) {
  planet::PlanetTruth dry = earthTruth();
  dry.surface.oceanFraction = 0.0;
  const planet::ClimateCube cube = buildCube(earthClimate(), dry);
  EXPECT_EQ(cube.require(VariableId::kSurfaceAirPressure).values[0], 1e5F);
  EXPECT_EQ(areaMean(cube, VariableId::kCloudAreaFraction), 0.0);
}

TEST(MoistAir, OfAHotOceanWeighsEnoughToKeepItFromBoiling) {
  // Steam table: 0.64 bar at 361 K, over three times the dry air.
  planet::PlanetTruth truth = earthTruth();
  truth.surface.oceanFraction = 1.0;
  truth.atmosphere.surfacePressurePa = 0.193e5;
  SurfaceClimate climate = makeClimate([](double, double, std::size_t) { return 361.0; });
  climate.landFraction.assign(climate.landFraction.size(), 0.0F);
  const planet::ClimateCube cube = buildCube(climate, truth);
  EXPECT_GT(areaMean(cube, VariableId::kSurfaceAirPressure), 0.64e5);
  EXPECT_EQ(boilingShare(cube), 0.0);
}

TEST(MoistAir, SnowballsAndLandPlanetsAreLessCloudyThanEarth) {
  const double earth = areaMean(buildCube(earthClimate(), earthTruth()), VariableId::kCloudAreaFraction);
  const SurfaceClimate cold =
      makeClimate([](double lat, double, std::size_t) { return 240.0 - 30.0 * std::pow(std::sin(radians(lat)), 2); });
  EXPECT_LT(areaMean(buildCube(cold, earthTruth()), VariableId::kCloudAreaFraction), 0.6 * earth);
  // Land alone, with 20 mm of soil water.
  planet::PlanetTruth land = earthTruth();
  land.surface.oceanFraction = 0.0;
  land.surface.soilMoistureM = 0.02;
  SurfaceClimate continents = earthClimate();
  continents.landFraction.assign(continents.landFraction.size(), 1.0F);
  EXPECT_LT(areaMean(buildCube(continents, land), VariableId::kCloudAreaFraction), 0.6 * earth);
}

}  // namespace
}  // namespace ecumene::data::physics::atmosphere
