// SPDX-License-Identifier: Apache-2.0
#include "data/base/median.h"

#include <gtest/gtest.h>

namespace ecumene {
namespace {

TEST(Median, IsTheMiddleOrTheMeanOfTheTwoInTheMiddle) {
  EXPECT_EQ(median({7.0}), 7.0);
  EXPECT_EQ(median({3.0, 1.0, 2.0}), 2.0);
  EXPECT_EQ(median({4.0, 1.0, 3.0, 2.0}), 2.5);
  EXPECT_EQ(median({5.0, 5.0, -1.0, 5.0}), 5.0);
}

}  // namespace
}  // namespace ecumene
