// SPDX-License-Identifier: Apache-2.0
#include "data/planet/stated.h"

#include <gtest/gtest.h>

namespace ecumene::data::planet {
namespace {

TEST(Stated, NothingIsKnownOfAnUnstatedPlanetUntilItIsSaid) {
  PlanetTruth truth = unstatedTruth();
  EXPECT_FALSE(starType(truth.star).has_value());
  EXPECT_FALSE(synchronous(truth.bulk).has_value());
  EXPECT_FALSE(hasWater(truth.surface).has_value());

  truth.star.temperatureK = 5772.0;
  EXPECT_EQ(starType(truth.star), StarType::kG);
  for (const bool locked : {true, false}) {
    stateSynchronous(truth.bulk, locked);
    EXPECT_EQ(synchronous(truth.bulk), locked);
  }
}

TEST(Stated, WaterIsDeniedOnlyWhereSeasAndSoilAreBothStated) {
  Surface surface = unstatedTruth().surface;
  surface.oceanFraction = 0.3;
  EXPECT_EQ(hasWater(surface), true) << "seas settle it";
  surface.oceanFraction = 0.0;
  EXPECT_FALSE(hasWater(surface).has_value()) << "nothing is said of the soil";
  surface.soilMoistureM = 0.0;
  EXPECT_EQ(hasWater(surface), false);
  surface.soilMoistureM = 0.1;
  EXPECT_EQ(hasWater(surface), true);
}

}  // namespace
}  // namespace ecumene::data::planet
