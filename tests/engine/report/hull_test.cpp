// SPDX-License-Identifier: Apache-2.0
// Truth: points whose tenth neighbour is known by construction.
#include "engine/report/hull.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/base/error.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine::report;

/// Unit vectors at an angle in a plane.
Hull::Embedding at(double angle, double length = 1.0) {
  return {static_cast<float>(length * std::cos(angle)), static_cast<float>(length * std::sin(angle)), 0.0F};
}

/// `count` rows, each of a system of its own, from an angle on in equal steps.
std::vector<Hull::Row> arc(const std::string& system, double from, double step, int count, double length = 1.0) {
  std::vector<Hull::Row> rows;
  for (int i = 0; i < count; ++i) rows.push_back({system + std::to_string(i), at(from + step * i, length)});
  return rows;
}

Hull fitted() {
  return Hull::fit(arc("t", 0.0, 0.01, 100), arc("v", 0.3, 0.01, 40, 5.0)).value();
}

TEST(Hull, DistanceIsThatToTheTenthNeighbourOnTheUnitSphere) {
  const Hull hull = fitted();
  // From the end of the arc the tenth nearest is nine steps of 0.01 away: a chord of 2 sin(angle / 2).
  EXPECT_NEAR(hull.distance(at(0.0)), 2 * std::sin(0.045), 1e-4);
  EXPECT_NEAR(hull.distance(at(0.0, 7.0)), 2 * std::sin(0.045), 1e-4);
}

TEST(Hull, LimitIsThe99thValidationPercentile) {
  const Hull hull = fitted();
  EXPECT_NEAR(hull.limit(), 2 * std::sin(0.025), 1e-4);  // five steps on either side
  EXPECT_EQ(hull.from(), ThresholdFrom::kValidation);
  EXPECT_EQ(hull.rows(), 40U);
  EXPECT_EQ(hull.systems(), 40U);
  EXPECT_GT(hull.distance(at(1.2)), hull.limit());
}

TEST(Hull, WithoutEnoughValidationSystemsTrainRowsAreHeldAgainstEachOther) {
  // Nine systems are too few, however many rows they have. The farthest tenth neighbours among others are ten steps
  // away, those of the two ends of 100: the 99 % quantile is that (between the last two of 100 rows, which are equal).
  std::vector<Hull::Row> few;
  for (const Hull::Row& row : arc("v", 0.3, 0.01, 90))
    few.push_back({"v" + std::to_string(few.size() % 9), row.embedding});
  const Hull hull = Hull::fit(arc("t", 0.0, 0.01, 100), few).value();
  EXPECT_EQ(hull.from(), ThresholdFrom::kTraining);
  EXPECT_NEAR(hull.limit(), 2 * std::sin(0.05), 1e-4);
  EXPECT_EQ(hull.rows(), 100U);
  EXPECT_EQ(hull.systems(), 100U);
}

TEST(Hull, RowsOfOneSystemAreNoNeighboursToEachOther) {
  // Two systems of eleven rows at one place each: their neighbours in the other are a right angle away.
  std::vector<Hull::Row> train;
  for (int i = 0; i < 11; ++i) train.push_back({"a", at(0.0)});
  for (int i = 0; i < 11; ++i) train.push_back({"b", at(std::acos(0.0))});
  const Hull hull = Hull::fit(train, {}).value();
  EXPECT_NEAR(hull.limit(), std::sqrt(2.0), 1e-6);
  EXPECT_EQ(hull.systems(), 2U);
}

TEST(Hull, IsNoneOfTooFewRows) {
  const auto train = arc("t", 0.0, 0.01, 100), validation = arc("v", 0.3, 0.01, 40);
  EXPECT_FALSE(Hull::fit(std::span(train).first(9), validation));
  EXPECT_TRUE(Hull::fit(std::span(train).first(10), validation));
  EXPECT_FALSE(Hull::fit(std::span(train).first(10), {}));  // each has nine others
  EXPECT_TRUE(Hull::fit(std::span(train).first(11), {}));
  std::vector<Hull::Row> one;
  for (const Hull::Row& row : train) one.push_back({"one", row.embedding});
  EXPECT_FALSE(Hull::fit(one, {}));
}

TEST(Hull, ComesBackFromItsText) {
  for (const Hull& hull : {fitted(), Hull::fit(arc("t", 0.0, 0.01, 100), {}).value()}) {
    const Hull again = Hull::fromJson(hull.toJson());
    for (const double angle : {0.0, 0.5, 1.2, 3.0}) EXPECT_EQ(hull.distance(at(angle)), again.distance(at(angle)));
    EXPECT_EQ(hull.limit(), again.limit());
    EXPECT_EQ(hull.from(), again.from());
    EXPECT_EQ(hull.rows(), again.rows());
    EXPECT_EQ(hull.systems(), again.systems());
  }
  EXPECT_THROW(Hull::fromJson("{}"), Error);
  EXPECT_THROW(Hull::fromJson("no"), Error);
  EXPECT_THROW(Hull::fromJson(R"({"limit":1,"threshold_from":"training","rows":1,"systems":1,"embeddings":[[1]]})"),
               Error);
  EXPECT_THROW(Hull::fromJson(R"({"limit":1,"threshold_from":"luck","rows":1,"systems":1,"embeddings":[[1]]})"), Error);
}

TEST(Hull, RefusesOtherLengths) {
  EXPECT_THROW((void)fitted().distance({1.0F}), Error);
}

}  // namespace
