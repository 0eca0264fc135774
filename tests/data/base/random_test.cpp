// SPDX-License-Identifier: Apache-2.0
#include "data/base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ecumene {
namespace {

using Block = std::array<std::uint32_t, 4>;

// Known answers published with the generator (Random123, kat_vectors, philox4x32 with 10 rounds).
TEST(Philox, GivesPublishedKnownAnswers) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}), (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(StableHash, GivesPublishedFnv1aValues) {
  EXPECT_EQ(stableHash(""), 0xcbf29ce484222325U);
  EXPECT_EQ(stableHash("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(stableHash("foobar"), 0x85944171f73967e8U);
}

TEST(Random, SameKeyGivesSameNumbersAndOtherKeysOthers) {
  Random a(7, "stream", 3);
  Random b(7, "stream", 3);
  Random otherSeed(8, "stream", 3);
  Random otherStream(7, "stream2", 3);
  Random otherIndex(7, "stream", 4);
  int same = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t value = a.bits();
    ASSERT_EQ(value, b.bits());
    same += (value == otherSeed.bits() ? 1 : 0) + (value == otherStream.bits() ? 1 : 0) +
            (value == otherIndex.bits() ? 1 : 0);
  }
  EXPECT_LE(same, 1);
}

TEST(Random, UniformAndNormalHaveTheirMoments) {
  Random random(1, "moments");
  constexpr int kDraws = 200000;
  double mean = 0.0;
  double square = 0.0;
  double normalMean = 0.0;
  double normalSquare = 0.0;
  double normalFourth = 0.0;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    mean += u / kDraws;
    square += u * u / kDraws;
    const double n = random.normal();
    normalMean += n / kDraws;
    normalSquare += n * n / kDraws;
    normalFourth += n * n * n * n / kDraws;
  }
  // Five standard errors of each estimate.
  EXPECT_NEAR(mean, 0.5, 5.0 * std::sqrt(1.0 / 12.0 / kDraws));
  EXPECT_NEAR(square, 1.0 / 3.0, 5.0 * std::sqrt((1.0 / 5.0 - 1.0 / 9.0) / kDraws));
  EXPECT_NEAR(normalMean, 0.0, 5.0 / std::sqrt(kDraws));
  EXPECT_NEAR(normalSquare, 1.0, 5.0 * std::sqrt(2.0 / kDraws));
  EXPECT_NEAR(normalFourth, 3.0, 5.0 * std::sqrt(96.0 / kDraws));
}

TEST(Random, BelowReachesEveryNumberEqually) {
  Random random(5, "below");
  std::vector<int> counts(7, 0);
  constexpr int kDraws = 70000;
  for (int i = 0; i < kDraws; ++i) ++counts.at(random.below(7));
  for (const int count : counts) EXPECT_NEAR(count, 10000, 5.0 * std::sqrt(10000.0 * 6.0 / 7.0));
}

TEST(Random, LogUniformStaysInsideAndIsFlatInTheLogarithm) {
  Random random(6, "log");
  int low = 0;
  for (int i = 0; i < 10000; ++i) {
    const double value = random.logUniform(1e-4, 1.0);
    ASSERT_GE(value, 1e-4);
    ASSERT_LT(value, 1.0);
    low += value < 1e-2 ? 1 : 0;
  }
  EXPECT_NEAR(low, 5000, 250);
}

}  // namespace
}  // namespace ecumene
