// SPDX-License-Identifier: Apache-2.0
#include "models/climate/patches.h"

#include <vector>

namespace ecumene::models::climate {

ClimateInput perCube(const ClimateInput& input) {
  if (!input.cube_B.defined()) return input;
  ClimateInput cubes = input;
  const torch::Tensor readers = torch::zeros({input.present_BW.size(0)}, input.cube_B.options())
                                    .index_add(0, input.cube_B, input.keep_B.to(torch::kInt64));
  cubes.keep_B = readers > 0;
  cubes.cube_B.reset();
  return cubes;
}

PatchGrid::PatchGrid(const spec::ClimateSpec& spec)
    : patchMonths_(spec.patchMonths), patchLatitudes_(spec.patchLatitude), patchLongitudes_(spec.patchLongitude) {}

namespace {

/// The map axes of a cube split into patches and cells, as a view [B, E, m, y, x, V, cells of a patch.., rest..] of
/// maps [B, V, E, M, Y, X, rest..].
torch::Tensor patchView(const torch::Tensor& maps, std::int64_t months, std::int64_t latitudes,
                        std::int64_t longitudes) {
  const bool onLevels = maps.dim() == 7;
  std::vector<std::int64_t> shape{maps.size(0),
                                  maps.size(1),
                                  maps.size(2),
                                  months,
                                  kMonths / months,
                                  latitudes,
                                  kLatitudes / latitudes,
                                  longitudes,
                                  kLongitudes / longitudes};
  std::vector<std::int64_t> order{0, 2, 3, 5, 7, 1, 4, 6, 8};
  if (onLevels) {
    shape.push_back(kLevels);
    order.push_back(9);
  }
  return maps.reshape(shape).permute(order);
}

}  // namespace

PatchValues PatchGrid::cut(const torch::Tensor& levels, const torch::Tensor& surface) const {
  const std::int64_t count = levels.size(0) * patches(levels.size(2));
  const auto view = [&](const torch::Tensor& x) { return patchView(x, months(), latitudes(), longitudes()); };
  return {view(levels).clone(at::MemoryFormat::Contiguous).view({count, kLevelVariables, cells(), kLevels}),
          view(surface).clone(at::MemoryFormat::Contiguous).view({count, kSurfaceVariables, cells()})};
}

PatchValues PatchGrid::gather(const torch::Tensor& levels, const torch::Tensor& surface, const PatchPlaces& at) const {
  const std::int64_t count = at.flat_H.size(0);
  const auto take = [&](const torch::Tensor& x) {
    return patchView(x, months(), latitudes(), longitudes())
        .index({at.planet_H, at.epoch_H, at.month_H, at.latitude_H, at.longitude_H});
  };
  return {take(levels).reshape({count, kLevelVariables, cells(), kLevels}),
          take(surface).reshape({count, kSurfaceVariables, cells()})};
}

PatchPlaces PatchGrid::places(const torch::Tensor& mask) const {
  const std::int64_t epochs = mask.size(1) / patches();
  const torch::Tensor at = mask.reshape({mask.size(0), epochs, months(), latitudes(), longitudes()}).nonzero();
  const std::vector<torch::Tensor> axis = at.unbind(1);
  const torch::Tensor flat =
      (((axis[0] * epochs + axis[1]) * months() + axis[2]) * latitudes() + axis[3]) * longitudes() + axis[4];
  return {flat, axis[0], axis[1], axis[2], axis[3], axis[4]};
}

torch::Tensor PatchGrid::onCells(const torch::Tensor& x, const PatchPlaces& at) const {
  return x.view({latitudes(), patchLatitudes_})
      .index_select(0, at.latitude_H)
      .view({-1, 1, patchLatitudes_, 1})
      .expand({-1, patchMonths_, -1, patchLongitudes_})
      .reshape({at.latitude_H.size(0), cells()});
}

torch::Tensor PatchGrid::rows(const torch::Tensor& x) const {
  return x.view({latitudes(), patchLatitudes_}).mean(1);
}

}  // namespace ecumene::models::climate
