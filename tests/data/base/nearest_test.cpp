// SPDX-License-Identifier: Apache-2.0
#include "data/base/nearest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ecumene {
namespace {

TEST(Nearest, FindsTheLeastEdits) {
  const std::vector<std::string> names{"train.steps", "train.lr", "data.seed"};
  EXPECT_EQ(nearest("train.rl", names), "train.lr");
  EXPECT_EQ(nearest("TRAIN.STEP", names), "train.steps");
  EXPECT_EQ(nearest("seed", names), "data.seed");
  // "kitten" to "sitting" takes 3 edits (Levenshtein's standard example), to "mitt" 3 as well: the first of equals.
  EXPECT_EQ(nearest("kitten", std::vector<std::string>{"abcdefgh", "sitting", "mitt"}), "sitting");
}

TEST(Nearest, NoCandidateGivesNone) {
  EXPECT_FALSE(nearest("x", {}).has_value());
}

TEST(DidYouMean, SaysNothingWhereNothingIsNear) {
  const std::vector<std::string> names{"train.steps", "loss.kl", "run"};
  EXPECT_EQ(didYouMean("train.step", names), "did you mean train.steps?");
  EXPECT_EQ(didYouMean("ran", names), "did you mean run?");
  for (const char* nonsense : {"foo.bar", "", "x", "frob", "zzzzzzzzzzzzzzzz"}) {
    EXPECT_EQ(didYouMean(nonsense, names), "") << nonsense;
  }
  EXPECT_EQ(didYouMean("run", {}), "");
}

}  // namespace
}  // namespace ecumene
