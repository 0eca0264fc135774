// SPDX-License-Identifier: Apache-2.0
#include "tests/support/similarity.h"

#include <gtest/gtest.h>

namespace ecumene::test {
namespace {

/// Two bars; the second one's left edge is given.
GreyPicture bars(std::size_t edge) {
  GreyPicture picture{64, 48, std::vector<double>(64 * 48, 30.0)};
  for (std::size_t y = 8; y < 40; ++y) {
    for (std::size_t x = 4; x < 20; ++x) picture.values[y * 64 + x] = 200.0;
    for (std::size_t x = edge; x < edge + 16; ++x) picture.values[y * 64 + x] = 120.0;
  }
  return picture;
}

TEST(Similarity, OfAPictureWithItselfIsOne) {
  EXPECT_DOUBLE_EQ(similarity(bars(30), bars(30)), 1.0);
}

TEST(Similarity, OfConstantPicturesIsTheLuminanceTermAlone) {
  const GreyPicture a{16, 16, std::vector<double>(256, 100.0)}, b{16, 16, std::vector<double>(256, 50.0)};
  const double c1 = 6.5025;  // (0.01 * 255)^2
  EXPECT_NEAR(similarity(a, b), (2 * 100.0 * 50.0 + c1) / (100.0 * 100.0 + 50.0 * 50.0 + c1), 1e-12);
}

TEST(Similarity, ABarThatMovedByFourPixelsFails) {
  EXPECT_LT(similarity(bars(30), bars(34)), 0.95);
}

TEST(Similarity, PicturesOfDifferentSizeAreRefused) {
  EXPECT_THROW(similarity(bars(30), {8, 8, std::vector<double>(64)}), std::invalid_argument);
}

}  // namespace
}  // namespace ecumene::test
