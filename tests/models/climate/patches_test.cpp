// SPDX-License-Identifier: Apache-2.0
#include "models/climate/patches.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/models/climate/cubes.h"

namespace ecumene::models::climate {
namespace {

torch::Tensor numbered(torch::IntArrayRef shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  return torch::arange(count, torch::kFloat64).view(shape);
}

struct Sizes {
  std::int64_t months, latitudes, longitudes;
};

spec::ClimateSpec specOf(const Sizes& size) {
  spec::ClimateSpec spec;
  spec.patchMonths = size.months;
  spec.patchLatitude = size.latitudes;
  spec.patchLongitude = size.longitudes;
  return spec;
}

/// Calls back with the patch and the cell of a patch in which each cell of the map lies.
template <class Visit>
void forEachCell(const Sizes& size, std::int64_t epochs, const Visit& visit) {
  for (std::int64_t e = 0; e < epochs; ++e) {
    for (std::int64_t m = 0; m < kMonths; ++m) {
      for (std::int64_t y = 0; y < kLatitudes; ++y) {
        for (std::int64_t x = 0; x < kLongitudes; ++x) {
          const std::int64_t row =
              (e * (kMonths / size.months) + m / size.months) * (kLatitudes / size.latitudes) + y / size.latitudes;
          const std::int64_t patch = row * (kLongitudes / size.longitudes) + x / size.longitudes;
          const std::int64_t cell =
              ((m % size.months) * size.latitudes + y % size.latitudes) * size.longitudes + x % size.longitudes;
          visit(e, m, y, x, patch, cell);
        }
      }
    }
  }
}

TEST(ClimatePatches, CutListsEpochMonthLatitudeLongitude) {
  const torch::Tensor levels = numbered({2, kLevelVariables, 2, kMonths, kLatitudes, kLongitudes, kLevels});
  const torch::Tensor surface = numbered({2, kSurfaceVariables, 2, kMonths, kLatitudes, kLongitudes});
  const auto fromLevels = levels.accessor<double, 7>();
  const auto fromSurface = surface.accessor<double, 6>();
  for (const Sizes& size : {Sizes{3, 4, 4}, Sizes{2, 8, 2}}) {
    const PatchGrid grid(specOf(size));
    const PatchValues patches = grid.cut(levels, surface);
    ASSERT_EQ(patches.levels_NVCL.sizes(), (std::vector<std::int64_t>{2 * grid.patches(2), 4, grid.cells(), 10}));
    ASSERT_EQ(patches.surface_NSC.sizes(), (std::vector<std::int64_t>{2 * grid.patches(2), 6, grid.cells()}));
    const auto onLevels = patches.levels_NVCL.accessor<double, 4>();
    const auto onSurface = patches.surface_NSC.accessor<double, 3>();
    forEachCell(size, 2, [&](auto e, auto m, auto y, auto x, auto patch, auto cell) {
      for (std::int64_t b = 0; b < 2; ++b) {
        const std::int64_t at = b * grid.patches(2) + patch;
        for (std::int64_t v = 0; v < kLevelVariables; ++v) {
          for (std::int64_t l = 0; l < kLevels; ++l) {
            ASSERT_EQ(onLevels[at][v][cell][l], fromLevels[b][v][e][m][y][x][l]);
          }
        }
        for (std::int64_t v = 0; v < kSurfaceVariables; ++v) {
          ASSERT_EQ(onSurface[at][v][cell], fromSurface[b][v][e][m][y][x]);
        }
      }
    });
  }
}

TEST(ClimatePatches, CutIsACopy) {
  const ClimateInput input = waves(1);
  const PatchValues patches = PatchGrid(spec::ClimateSpec{}).cut(input.levels_BVEMYXL, input.surface_BSEMYX);
  patches.levels_NVCL.zero_();
  patches.surface_NSC.zero_();
  EXPECT_TRUE(torch::equal(input.levels_BVEMYXL, waves(1).levels_BVEMYXL));
  EXPECT_TRUE(torch::equal(input.surface_BSEMYX, waves(1).surface_BSEMYX));
}

TEST(ClimatePatches, GatherTakesThePatchesOfAMaskInTheirOrder) {
  const ClimateInput input = waves(2, 2);
  const PatchGrid grid(spec::ClimateSpec{});
  torch::Tensor mask = everyThird(2, grid.patches(2));
  mask[1].slice(0, 0, 600) = false;
  const PatchPlaces places = grid.places(mask);
  const PatchValues all = grid.cut(input.levels_BVEMYXL, input.surface_BSEMYX);
  const PatchValues some = grid.gather(input.levels_BVEMYXL, input.surface_BSEMYX, places);
  EXPECT_TRUE(torch::equal(some.levels_NVCL, all.levels_NVCL.index({mask.flatten()})));
  EXPECT_TRUE(torch::equal(some.surface_NSC, all.surface_NSC.index({mask.flatten()})));
  EXPECT_TRUE(torch::equal(places.flat_H, mask.flatten().nonzero().squeeze(1)));
  const auto flat = places.flat_H.accessor<std::int64_t, 1>();
  for (std::int64_t h = 0; h < flat.size(0); ++h) {
    std::int64_t rest = flat[h];
    for (const auto& [found, count] :
         {std::pair{places.longitude_H, 16}, std::pair{places.latitude_H, 8}, std::pair{places.month_H, 4},
          std::pair{places.epoch_H, 2}, std::pair{places.planet_H, 2}}) {
      ASSERT_EQ(found[h].item<std::int64_t>(), rest % count);
      rest /= count;
    }
  }
  EXPECT_EQ(grid.places(torch::zeros_like(mask)).flat_H.size(0), 0);
}

TEST(ClimatePatches, OnCellsGivesEachCellTheValueOfItsLatitude) {
  const Sizes size{3, 4, 4};
  const PatchGrid grid(specOf(size));
  const PatchPlaces places = grid.places(torch::ones({1, grid.patches()}, torch::kBool));
  const torch::Tensor values = grid.onCells(torch::arange(kLatitudes, torch::kFloat64), places);
  const auto found = values.accessor<double, 2>();
  forEachCell(size, 1, [&](auto, auto, auto y, auto, auto patch, auto cell) {
    ASSERT_EQ(found[patch][cell], static_cast<double>(y));
  });
}

TEST(ClimatePatches, RowsAreMeansOverAPatchsLatitudes) {
  const PatchGrid grid(spec::ClimateSpec{});
  const torch::Tensor rows = grid.rows(torch::arange(kLatitudes, torch::kFloat64));
  EXPECT_TRUE(torch::equal(rows, torch::arange(8, torch::kFloat64) * 4 + 1.5));
}

}  // namespace
}  // namespace ecumene::models::climate
