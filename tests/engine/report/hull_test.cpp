// SPDX-License-Identifier: Apache-2.0
// Truth: points whose tenth neighbour is known by construction.
#include "engine/report/hull.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/base/error.h"
#include "data/base/random.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine::report;
using data::planet::ScalarId;

ScalarValues scalarsOf(double flux, double radius) {
  ScalarValues values;
  values.fill(kMissing);
  values[static_cast<std::size_t>(ScalarId::kStellarFlux)] = flux;
  values[static_cast<std::size_t>(ScalarId::kPlanetRadius)] = radius;
  return values;
}

/// Unit vectors at an angle in a plane.
Hull::Embedding at(double angle, double length = 1.0) {
  return {static_cast<float>(length * std::cos(angle)), static_cast<float>(length * std::sin(angle)), 0.0F};
}

Hull fitted() {
  std::vector<Hull::Embedding> train, validation;
  for (int i = 0; i < 100; ++i) train.push_back(at(0.01 * i));
  for (int i = 0; i < 40; ++i) validation.push_back(at(0.3 + 0.01 * i, 5.0));
  return Hull::fit(std::vector{scalarsOf(400, 0.8), scalarsOf(1400, kMissing), scalarsOf(900, 1.6)}, train, validation);
}

TEST(Hull, DistanceIsThatToTheTenthNeighbourOnTheUnitSphere) {
  const Hull hull = fitted();
  // From the end of the arc the tenth nearest is nine steps of 0.01 away: a chord of 2 sin(angle / 2).
  EXPECT_NEAR(hull.judge(scalarsOf(900, 1.0), at(0.0)).distance, 2 * std::sin(0.045), 1e-4);
  EXPECT_NEAR(hull.judge(scalarsOf(900, 1.0), at(0.0, 7.0)).distance, 2 * std::sin(0.045), 1e-4);
}

TEST(Hull, LimitIsThe99thValidationPercentile) {
  const Hull hull = fitted();
  const auto inside = hull.judge(scalarsOf(900, 1.0), at(0.5));
  EXPECT_FALSE(inside.outside);
  EXPECT_NEAR(inside.limit, 2 * std::sin(0.025), 1e-4);  // five steps on either side
  EXPECT_TRUE(hull.judge(scalarsOf(900, 1.0), at(1.2)).outside);
}

TEST(Hull, NamesTheScalarsBeyondTheirRange) {
  const Hull hull = fitted();
  const auto verdict = hull.judge(scalarsOf(1500, 0.7), at(0.5));
  EXPECT_TRUE(verdict.outside);
  EXPECT_EQ(verdict.beyond, (std::vector{ScalarId::kStellarFlux, ScalarId::kPlanetRadius}));
  EXPECT_FALSE(hull.judge(scalarsOf(400, kMissing), at(0.5)).outside);
  ScalarValues other = scalarsOf(900, 1.0);
  other[static_cast<std::size_t>(ScalarId::kObliquity)] = 80.0;  // no train planet has one
  EXPECT_FALSE(hull.judge(other, at(0.5)).outside);
}

TEST(Hull, ComesBackFromItsText) {
  const Hull hull = fitted(), again = Hull::fromJson(hull.toJson());
  for (const double angle : {0.0, 0.5, 1.2, 3.0}) {
    const auto first = hull.judge(scalarsOf(1500, 1.0), at(angle)),
               second = again.judge(scalarsOf(1500, 1.0), at(angle));
    EXPECT_EQ(first.distance, second.distance);
    EXPECT_EQ(first.limit, second.limit);
    EXPECT_EQ(first.beyond, second.beyond);
  }
  EXPECT_THROW(Hull::fromJson("{}"), Error);
  EXPECT_THROW(Hull::fromJson("no"), Error);
  EXPECT_THROW(Hull::fromJson(R"({"scalars":{},"limit":1,"embeddings":[[1]]})"), Error);
}

TEST(Hull, RefusesTooFewRowsAndOtherLengths) {
  const std::vector<ScalarValues> scalars{scalarsOf(1, 1)};
  const std::vector<Hull::Embedding> nine(9, at(0.1)), ten(10, at(0.1));
  EXPECT_THROW(Hull::fit(scalars, nine, ten), Error);
  EXPECT_THROW(Hull::fit(scalars, ten, {}), Error);
  EXPECT_THROW(Hull::fit({}, ten, ten), Error);
  EXPECT_THROW((void)fitted().judge(scalars[0], {1.0F}), Error);
}

}  // namespace
