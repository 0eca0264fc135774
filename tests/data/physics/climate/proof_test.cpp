// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/data/physics/climate/named_planets.h"
#include "tests/data/physics/climate/plain_run.h"
#include "tests/support/counts.h"

namespace ecumene::data::physics::climate::test {
namespace {

void proveEqual(const NamedPlanet& planet) {
  const SurfaceClimate fast = solveClimate(planet.truth);
  ASSERT_FALSE(fast.flags.runaway) << planet.name;
  double imbalance = 0.0;
  const MonthlyMeans plain = plainRun(planet.truth, &imbalance);
  const double rms = rmsDifference(fast.surfaceTemperatureK, plain.temperatureK);
  const auto [low, high] = std::minmax_element(plain.temperatureK.begin(), plain.temperatureK.end());
  fmt::print("{:<18} {:6.1f} to {:6.1f} K, rms difference {:.4f} K, plain run out of balance by {:.4f} W m-2\n",
             planet.name, *low, *high, rms, imbalance);
  EXPECT_LT(rms, 0.2) << planet.name;
  EXPECT_LT(std::abs(fast.flags.imbalanceWm2), kImbalanceLimitWm2) << planet.name;
}

// The short form takes a bistable pair, a tilted and a locked planet.
TEST(ClimateProof, NamedPlanetsEqualThePlainRun) {
  const auto planets = namedPlanets();
  ASSERT_EQ(planets.size(), 16U);
  for (const NamedPlanet& planet : planets) {
    if (ecumene::test::longCounts() || planet.name == "EarthCold" || planet.name == "DimWarm" ||
        planet.name == "Obliquity85" || planet.name == "LockedContinents") {
      proveEqual(planet);
    }
  }
}

}  // namespace
}  // namespace ecumene::data::physics::climate::test
