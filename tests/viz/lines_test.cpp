// SPDX-License-Identifier: Apache-2.0
#include "viz/climate/lines.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace ecumene::viz::climate {
namespace {

double cosineBetween(const GeoPoint& a, const GeoPoint& b) {
  return std::sin(a.latitudeDeg * kRadians) * std::sin(b.latitudeDeg * kRadians) +
         std::cos(a.latitudeDeg * kRadians) * std::cos(b.latitudeDeg * kRadians) *
             std::cos((a.longitudeDeg - b.longitudeDeg) * kRadians);
}

TEST(Lines, TheTerminatorIsNinetyDegreesFromTheSubstellarPoint) {
  for (const GeoPoint centre : {GeoPoint{0.0, 180.0}, GeoPoint{40.0, 20.0}, GeoPoint{90.0, 0.0}}) {
    for (const GeoPoint& point : circle(centre, 90.0)) EXPECT_NEAR(cosineBetween(centre, point), 0.0, 1e-9);
    for (const GeoPoint& point : circle(centre, 3.0)) {
      EXPECT_NEAR(cosineBetween(centre, point), std::cos(3.0 * kRadians), 1e-9);
    }
  }
}

TEST(Lines, ABorderOfABandIsTwoParallels) {
  Slice mask{cellsOf(data::planet::canonicalGrid()), std::vector<float>(32 * 64, 0.0F)};
  for (std::size_t row = 10; row < 14; ++row) {
    for (std::size_t column = 0; column < 64; ++column) mask.values[row * 64 + column] = 1.0F;
  }
  const std::vector<GeoLine> lines = maskBorders(mask, 0.5);
  ASSERT_EQ(lines.size(), 128U);
  for (const GeoLine& line : lines) {
    for (const GeoPoint& point : line) {
      EXPECT_TRUE(point.latitudeDeg == mask.grid.latitudeEdgeDeg[10] ||
                  point.latitudeDeg == mask.grid.latitudeEdgeDeg[14]);
    }
  }
}

TEST(Lines, ACellOverTheSeamIsBoundedOnAllFourSides) {
  Slice mask{cellsOf(data::planet::canonicalGrid()), std::vector<float>(32 * 64, 0.0F)};
  mask.values[5 * 64] = 0.5F;
  EXPECT_EQ(maskBorders(mask, 0.5).size(), 4U);
  mask.values[5 * 64] = 0.49F;
  EXPECT_TRUE(maskBorders(mask, 0.5).empty());
}

TEST(Lines, StepsAreShortAndTheGraticuleStopsBeforeThePoles) {
  for (const GeoLine& line : graticule(30.0)) {
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      EXPECT_LE(std::abs(line[i + 1].latitudeDeg - line[i].latitudeDeg), kLineStepDeg + 1e-9);
      EXPECT_LE(std::abs(line[i + 1].longitudeDeg - line[i].longitudeDeg), kLineStepDeg + 1e-9);
      EXPECT_LE(std::abs(line[i].latitudeDeg), 60.0 + 1e-9);
    }
  }
  EXPECT_EQ(graticule(30.0).size(), 5U + 12U);
}

}  // namespace
}  // namespace ecumene::viz::climate
