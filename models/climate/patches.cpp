// SPDX-License-Identifier: Apache-2.0
#include "models/climate/patches.h"

namespace ecumene::models::climate {

using torch::indexing::Slice;

PatchGrid::PatchGrid(const spec::ClimateSpec& spec)
    : patchMonths_(spec.patchMonths), patchLatitudes_(spec.patchLatitude), patchLongitudes_(spec.patchLongitude) {}

torch::Tensor PatchGrid::cut(const torch::Tensor& x) const {
  const std::int64_t batch = x.size(0), channels = x.size(1), epochs = x.size(2);
  return x
      .reshape({batch, channels, epochs, months(), patchMonths_, latitudes(), patchLatitudes_, longitudes(),
                patchLongitudes_})
      .permute({0, 2, 3, 5, 7, 1, 4, 6, 8})
      .reshape({batch, patches(epochs), channels * cells()});
}

torch::Tensor PatchGrid::join(const torch::Tensor& x, std::int64_t channels) const {
  const std::int64_t batch = x.size(0), epochs = x.size(1) / patches();
  return x
      .reshape({batch, epochs, months(), latitudes(), longitudes(), channels, patchMonths_, patchLatitudes_,
                patchLongitudes_})
      .permute({0, 5, 1, 2, 6, 3, 7, 4, 8})
      .reshape({batch, channels, epochs, kMonths, kLatitudes, kLongitudes});
}

torch::Tensor PatchGrid::spread(const torch::Tensor& x) const {
  const std::int64_t batch = x.size(0), epochs = x.size(1) / patches();
  return x.reshape({batch, epochs, months(), 1, latitudes(), 1, longitudes(), 1})
      .expand({batch, epochs, months(), patchMonths_, latitudes(), patchLatitudes_, longitudes(), patchLongitudes_})
      .reshape({batch, epochs, kMonths, kLatitudes, kLongitudes});
}

torch::Tensor PatchGrid::rows(const torch::Tensor& x) const {
  return x.view({latitudes(), patchLatitudes_}).mean(1);
}

torch::Tensor maps(const ClimateInput& input, const PatchGrid& grid) {
  const torch::Tensor& levels = input.levels_BVEMYXL;
  const std::int64_t batch = levels.size(0), epochs = levels.size(2);
  const torch::Tensor onLevels =
      levels.permute({0, 1, 6, 2, 3, 4, 5})
          .reshape({batch, kLevelVariables * kLevels, epochs, kMonths, kLatitudes, kLongitudes});
  const torch::Tensor all = torch::cat({onLevels, input.surface_BSEMYX}, 1);
  const torch::Tensor present = input.present_BW & input.keep_B.unsqueeze(1);
  torch::Tensor real = torch::cat({present.index({Slice(), Slice(0, kLevelVariables)}).repeat_interleave(kLevels, 1),
                                   present.index({Slice(), Slice(kLevelVariables, kVariables)})},
                                  1)
                           .view({batch, kCellValues, 1, 1, 1, 1});
  if (input.hidden_BP.defined()) real = real & grid.spread(input.hidden_BP).unsqueeze(1).logical_not();
  return torch::where(real, all, torch::zeros({}, all.options()));
}

void splitMaps(const torch::Tensor& x, torch::Tensor& levels, torch::Tensor& surface) {
  const std::int64_t split = kLevelVariables * kLevels;
  levels = x.index({Slice(), Slice(0, split)})
               .reshape({x.size(0), kLevelVariables, kLevels, x.size(2), kMonths, kLatitudes, kLongitudes})
               .permute({0, 1, 3, 4, 5, 6, 2});
  surface = x.index({Slice(), Slice(split, kCellValues)});
}

}  // namespace ecumene::models::climate
