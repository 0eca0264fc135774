// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>

#include "data/base/random.h"
#include "data/physics/climate/albedo.h"
#include "data/physics/climate/climate.h"
#include "tests/data/physics/climate/named_planets.h"

namespace ecumene::data::physics::climate::test {
namespace {

// Wider than the generator's priors: the solver must find an equilibrium or a runaway everywhere.
planet::PlanetTruth wildPlanet(std::uint64_t index) {
  Random random(11, "wild-planet", index);
  planet::PlanetTruth truth = earth();
  truth.star.temperatureK = random.uniform(2500.0, 7200.0);
  truth.orbit.fluxWm2 = random.uniform(200.0, 2500.0);
  truth.orbit.periodDays = random.logUniform(2.0, 900.0);
  truth.orbit.eccentricity = random.chance(0.4) ? 0.0 : random.uniform(0.0, 0.6);
  truth.orbit.periastronDeg = random.uniform(0.0, 360.0);
  truth.bulk.synchronous = random.chance(0.35);
  truth.bulk.rotationDays = truth.bulk.synchronous ? truth.orbit.periodDays
                            : random.chance(0.1)   ? truth.orbit.periodDays / 1.5
                                                   : random.logUniform(0.1, 100.0);
  truth.bulk.obliquityDeg = truth.bulk.synchronous ? 0.0 : random.uniform(0.0, 90.0);
  setCo2(truth, random.logUniform(0.05e5, 20e5), random.logUniform(1e-6, 1.0));
  truth.surface = {.oceanFraction = random.chance(0.2) ? 1.0 : random.uniform(),
                   .soilMoistureM = 0.1,
                   .landSeed = random.bits(),
                   .uniform = false};
  truth.closure.iceAlbedo = typicalIceAlbedo(truth.star.temperatureK);
  truth.closure.olrOffsetWm2 = random.uniform(-20.0, 20.0);
  truth.start = random.chance(0.5) ? planet::StartState::kWarm : planet::StartState::kCold;
  return truth;
}

TEST(ClimatePopulation, OfWildPlanetsIsBalancedOrRunsAwayAndIsAlwaysFinite) {
  int runaways = 0;
  constexpr int kPlanets = 300;
  for (std::uint64_t i = 0; i < kPlanets; ++i) {
    const planet::PlanetTruth truth = wildPlanet(i);
    SurfaceClimate climate;
    ASSERT_NO_THROW(climate = solveClimate(truth)) << "planet " << i;
    for (const double t : climate.surfaceTemperatureK) {
      ASSERT_TRUE(std::isfinite(t) && t > 20.0 && t < 2000.0) << "planet " << i << ": " << t << " K";
    }
    if (climate.flags.runaway) {
      ++runaways;
    } else {
      ASSERT_LT(std::abs(climate.flags.imbalanceWm2), kImbalanceLimitWm2) << "planet " << i;
    }
  }
  fmt::print("{} of {} wild planets run away\n", runaways, kPlanets);
  EXPECT_GT(runaways, kPlanets / 10);
  EXPECT_LT(runaways, kPlanets * 8 / 10);
}

}  // namespace
}  // namespace ecumene::data::physics::climate::test
