// SPDX-License-Identifier: Apache-2.0
#include "models/climate/blocks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <utility>

#include "tests/models/gradient_check.h"

namespace ecumene::models::climate {
namespace {

const layers::Init kInit(7, torch::TensorOptions(torch::kFloat64));

/// [1, 4, 8, 16, 16]: months, latitudes and longitudes of patches.
torch::Tensor patchesField() {
  return torch::arange(4 * 8 * 16 * 16, torch::kFloat64).mul(0.61).sin().view({1, 4, 8, 16, 16});
}

TEST(PadSphere, ContinuesAFieldOverThePolesAndTheDateLine) {
  // A smooth function of the point on the sphere is its own continuation: latitude -93 is -87 half a turn further.
  const auto field = [](std::int64_t row, std::int64_t column) {
    const double latitude = ((static_cast<double>(row) + 0.5) / 8.0 - 0.5) * std::numbers::pi;
    const double longitude = 2.0 * std::numbers::pi * static_cast<double>(column) / 16.0;
    const double x = std::cos(latitude) * std::cos(longitude), y = std::cos(latitude) * std::sin(longitude);
    return 0.3 + x + 2.0 * y - 0.7 * std::sin(latitude) + x * y + 0.5 * x * std::sin(latitude);
  };
  torch::Tensor inside = torch::empty({1, 1, 8, 16}, torch::kFloat64);
  for (std::int64_t y = 0; y < 8; ++y) {
    for (std::int64_t x = 0; x < 16; ++x) inside[0][0][y][x] = field(y, x);
  }
  const torch::Tensor padded = padSphere(inside);
  ASSERT_EQ(padded.sizes(), (std::vector<std::int64_t>{1, 1, 10, 18}));
  for (std::int64_t y = -1; y <= 8; ++y) {
    for (std::int64_t x = -1; x <= 16; ++x) {
      EXPECT_NEAR(padded[0][0][y + 1][x + 1].item<double>(), field(y, x), 1e-12) << y << " " << x;
    }
  }
}

TEST(ConvolutionBlock, CommutesWithTurningThePlanetAndWithBeginningTheYearLater) {
  const ConvolutionBlock block(kInit.child("c"), 16);
  const torch::Tensor x = patchesField(), y = block.forward(x);
  for (const auto& [shift, dimension] : {std::pair{1, 3}, std::pair{5, 3}, std::pair{1, 1}, std::pair{3, 1}}) {
    EXPECT_TRUE(torch::allclose(block.forward(x.roll(shift, dimension)), y.roll(shift, dimension), 1e-10, 1e-12));
  }
}

TEST(ConvolutionBlock, ReachesOneNeighbourOnTheSphereAndInTheYear) {
  const ConvolutionBlock block(kInit.child("c"), 16);
  torch::Tensor x = patchesField();
  const torch::Tensor before = block.forward(x);
  x[0][0][0][2] += 1.0;  // southernmost row, column 2, first month
  const torch::Tensor changed = (block.forward(x) != before).any(4)[0];
  for (std::int64_t m = 0; m < 4; ++m) {
    for (std::int64_t row = 0; row < 8; ++row) {
      for (std::int64_t column = 0; column < 16; ++column) {
        const bool beside = row <= 1 && column >= 1 && column <= 3;
        const bool beyondPole = row == 0 && column >= 9 && column <= 11;
        const bool otherMonth = (m == 1 || m == 3) && row == 0 && column == 2;
        const bool expected = m == 0 ? beside || beyondPole : otherMonth;
        EXPECT_EQ(changed[m][row][column].item<bool>(), expected) << m << " " << row << " " << column;
      }
    }
  }
}

TEST(WindowBlock, MixesInsideItsWindowOnly) {
  for (const bool shifted : {false, true}) {
    WindowBlock block(kInit.child("w"), 16, 2, 0.0, shifted);
    torch::Tensor x = patchesField();
    const torch::Tensor before = block.forward(x);
    x[0][1][5][15] += 1.0;  // the last column
    const torch::Tensor changed = (block.forward(x) != before).any(4)[0];
    for (std::int64_t m = 0; m < 4; ++m) {
      for (std::int64_t row = 0; row < 8; ++row) {
        for (std::int64_t column = 0; column < 16; ++column) {
          // Shifted windows begin at columns 2, 6, 10 and 14; the last one crosses the date line.
          const bool sameColumns = shifted ? column >= 14 || column < 2 : column >= 12;
          EXPECT_EQ(changed[m][row][column].item<bool>(), row >= 4 && sameColumns) << m << " " << row << " " << column;
        }
      }
    }
  }
}

TEST(WindowBlock, GradientsMatchDifferences) {
  WindowBlock block(kInit.child("w"), 16, 2, 0.0, true);
  expectGradientsMatchDifferences(block, [&] { return weighed(block.forward(patchesField())); });
}

}  // namespace
}  // namespace ecumene::models::climate
