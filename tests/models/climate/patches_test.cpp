// SPDX-License-Identifier: Apache-2.0
#include "models/climate/patches.h"

#include <gtest/gtest.h>

#include "tests/models/climate/cubes.h"

namespace ecumene::models::climate {
namespace {

torch::Tensor numbered(torch::IntArrayRef shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  return torch::arange(count, torch::kFloat64).view(shape);
}

TEST(ClimatePatches, CutListsEpochMonthLatitudeLongitude) {
  const PatchGrid grid(spec::ClimateSpec{});  // 3 months, 4 latitudes, 4 longitudes
  const torch::Tensor maps = numbered({2, 3, 2, kMonths, kLatitudes, kLongitudes});
  const torch::Tensor patches = grid.cut(maps);
  ASSERT_EQ(patches.sizes(), (std::vector<std::int64_t>{2, 2 * 4 * 8 * 16, 3 * 48}));
  const auto from = maps.accessor<double, 6>();
  const auto to = patches.accessor<double, 3>();
  for (std::int64_t b = 0; b < 2; ++b) {
    for (std::int64_t c = 0; c < 3; ++c) {
      for (std::int64_t e = 0; e < 2; ++e) {
        for (std::int64_t m = 0; m < 12; ++m) {
          for (std::int64_t y = 0; y < 32; ++y) {
            for (std::int64_t x = 0; x < 64; ++x) {
              const std::int64_t patch = ((e * 4 + m / 3) * 8 + y / 4) * 16 + x / 4;
              const std::int64_t value = c * 48 + (m % 3) * 16 + (y % 4) * 4 + x % 4;
              ASSERT_EQ(to[b][patch][value], from[b][c][e][m][y][x]);
            }
          }
        }
      }
    }
  }
}

TEST(ClimatePatches, JoinUndoesCut) {
  spec::ClimateSpec spec;
  spec.patchMonths = 2;
  spec.patchLatitude = 8;
  spec.patchLongitude = 2;
  for (const PatchGrid& grid : {PatchGrid(spec::ClimateSpec{}), PatchGrid(spec)}) {
    const torch::Tensor maps = numbered({2, 5, 2, kMonths, kLatitudes, kLongitudes});
    EXPECT_EQ(grid.cut(maps).size(1), grid.patches(2));
    EXPECT_TRUE(torch::equal(grid.join(grid.cut(maps), 5), maps));
  }
}

TEST(ClimatePatches, SpreadGivesEveryCellItsPatchsValue) {
  const PatchGrid grid(spec::ClimateSpec{});
  const torch::Tensor values = numbered({2, grid.patches(2)});
  const torch::Tensor maps = grid.spread(values);
  ASSERT_EQ(maps.sizes(), (std::vector<std::int64_t>{2, 2, kMonths, kLatitudes, kLongitudes}));
  const torch::Tensor back = grid.cut(maps.unsqueeze(1));
  EXPECT_TRUE(torch::equal(back, values.unsqueeze(2).expand_as(back)));
}

TEST(ClimatePatches, RowsAreMeansOverAPatchsLatitudes) {
  const PatchGrid grid(spec::ClimateSpec{});
  const torch::Tensor rows = grid.rows(torch::arange(kLatitudes, torch::kFloat64));
  EXPECT_TRUE(torch::equal(rows, torch::arange(8, torch::kFloat64) * 4 + 1.5));
}

TEST(ClimatePatches, MapsKeepOneValuePerVariableAndLevelAndSplitUndoesThem) {
  const ClimateInput input = waves(2, 2);
  const torch::Tensor all = maps(input, PatchGrid(spec::ClimateSpec{}));
  ASSERT_EQ(all.size(1), kCellValues);
  EXPECT_TRUE(torch::equal(all.select(1, 2 * kLevels + 7), input.levels_BVEMYXL.select(1, 2).select(5, 7)));
  EXPECT_TRUE(torch::equal(all.select(1, 4 * kLevels + 3), input.surface_BSEMYX.select(1, 3)));
  torch::Tensor levels, surface;
  splitMaps(all, levels, surface);
  EXPECT_TRUE(torch::equal(levels, input.levels_BVEMYXL));
  EXPECT_TRUE(torch::equal(surface, input.surface_BSEMYX));
}

TEST(ClimatePatches, MapsAreZeroWhereAVariableAPlanetOrAPatchIsNotThere) {
  ClimateInput input = waves(3);
  input.levels_BVEMYXL += 5.0;  // no zeros of its own
  input.surface_BSEMYX += 5.0;
  input.present_BW[0][1] = false;
  input.present_BW[0][6] = false;
  input.keep_B[1] = false;
  const PatchGrid grid(spec::ClimateSpec{});
  input.hidden_BP = everyThird(3, grid.patches());
  const torch::Tensor zero = maps(input, grid) == 0.0;
  const torch::Tensor hidden = grid.spread(input.hidden_BP);
  for (std::int64_t c = 0; c < kCellValues; ++c) {
    const bool absent = (c >= 10 && c < 20) || c == 40 + 2;
    EXPECT_TRUE(torch::equal(zero[0][c], absent ? torch::ones_like(hidden[0]) : hidden[0])) << c;
    EXPECT_TRUE(zero[1][c].all().item<bool>()) << c;
    EXPECT_TRUE(torch::equal(zero[2][c], hidden[2])) << c;
  }
}

}  // namespace
}  // namespace ecumene::models::climate
