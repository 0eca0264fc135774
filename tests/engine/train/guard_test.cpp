// SPDX-License-Identifier: Apache-2.0
#include "engine/train/guard.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ecumene::engine::train {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Guard usual(double norm) {
  Guard guard;
  for (std::size_t i = 0; i < Guard::kLeast; ++i) EXPECT_EQ(guard.judge(1.0, norm, 10.0), Verdict::kGood);
  return guard;
}

TEST(Guard, SkipsWhatIsNotFinite) {
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    Guard loss, norm;
    EXPECT_EQ(loss.judge(bad, 1.0, 0.0), Verdict::kSkip);
    EXPECT_NE(loss.reason().find("loss"), std::string::npos);
    if (bad > 0.0 || std::isnan(bad)) {
      EXPECT_EQ(norm.judge(1.0, bad, 0.0), Verdict::kSkip);
      EXPECT_NE(norm.reason().find("norm"), std::string::npos);
    }
  }
}

TEST(Guard, SkipsASpikeOnceItKnowsWhatIsUsual) {
  Guard young;
  EXPECT_EQ(young.judge(1.0, 1e9, 10.0), Verdict::kGood);
  Guard guard = usual(2.0);
  EXPECT_EQ(guard.judge(1.0, 20.0, 10.0), Verdict::kGood);
  EXPECT_EQ(guard.judge(1.0, 20.1, 10.0), Verdict::kSkip);
  EXPECT_EQ(guard.judge(1.0, 20.1, 0.0), Verdict::kGood);
  // Losses fall and may be negative: they are no measure of a spike.
  EXPECT_EQ(guard.judge(-50.0, 2.0, 10.0), Verdict::kGood);
}

TEST(Guard, ThreeBadStepsInARowRollBackAndThreeRollbacksStop) {
  Guard guard;
  for (std::int64_t rollback = 1; rollback <= Guard::kMostRollbacks; ++rollback) {
    EXPECT_EQ(guard.judge(kNaN, 1.0, 0.0), Verdict::kSkip);
    EXPECT_EQ(guard.judge(1.0, 1.0, 0.0), Verdict::kGood);  // not in a row
    EXPECT_EQ(guard.judge(kNaN, 1.0, 0.0), Verdict::kSkip);
    EXPECT_EQ(guard.judge(kNaN, 1.0, 0.0), Verdict::kSkip);
    EXPECT_EQ(guard.judge(kNaN, 1.0, 0.0), Verdict::kRollBack);
    EXPECT_EQ(guard.rollbacks(), rollback);
  }
  EXPECT_EQ(guard.judge(kNaN, 1.0, 0.0), Verdict::kSkip);
  EXPECT_EQ(guard.judge(kNaN, 1.0, 0.0), Verdict::kSkip);
  EXPECT_EQ(guard.judge(kNaN, 1.0, 0.0), Verdict::kStop);
}

TEST(Guard, ComesBackFromACheckpointAsItWas) {
  Guard before = usual(2.0);
  ASSERT_EQ(before.judge(kNaN, 1.0, 10.0), Verdict::kSkip);
  std::map<std::string, double> numbers;
  before.save(numbers);
  Guard after;
  after.load(numbers);
  for (const double norm : {19.0, 21.0, 22.0, 23.0, 24.0}) {
    EXPECT_EQ(after.judge(1.0, norm, 10.0), before.judge(1.0, norm, 10.0)) << norm;
  }
}

TEST(LossScale, HalvesAtAnOverflowAndDoublesAfterManySteps) {
  LossScale scale(true);
  const double first = scale.value();
  EXPECT_TRUE(scale.after(false));
  EXPECT_EQ(scale.value(), first / 2.0);
  for (std::int64_t i = 0; i < LossScale::kGrowth - 1; ++i) EXPECT_FALSE(scale.after(true));
  EXPECT_EQ(scale.value(), first / 2.0);
  std::map<std::string, double> numbers;
  scale.save(numbers);
  LossScale copy(true);
  copy.load(numbers);
  EXPECT_FALSE(copy.after(true));
  EXPECT_EQ(copy.value(), first);
}

TEST(LossScale, AtOneTheOverflowIsTheModels) {
  LossScale scale(true);
  while (scale.after(false)) {
  }
  EXPECT_EQ(scale.value(), 1.0);
  LossScale off(false);
  EXPECT_FALSE(off.after(false));
  EXPECT_EQ(off.value(), 1.0);
}

}  // namespace
}  // namespace ecumene::engine::train
