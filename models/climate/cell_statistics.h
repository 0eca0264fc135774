// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "models/climate/patches.h"
#include "models/layers/feed_forward.h"
#include "models/layers/linear.h"
#include "models/layers/norm.h"

namespace ecumene::models::climate {

/// What a climate's labels are made of: means over area and time of nonlinear functions of single cells. Learned soft
/// thresholds sigmoid(slope (ts - threshold)) of each month's surface temperature and of its mean over the year, and a
/// layer on a cell's yearly means of all surface variables and the squared sine of its latitude; then their means over
/// the cells that are not hidden, weighed by area, and a normalised MLP on these. The same for a planet that is turned,
/// mirrored at the equator or begun in another month. What is absent or hidden never reaches the output, even if it is
/// no number.
class CellStatistics : public torch::nn::Module {
 public:
  CellStatistics(const layers::Init& init, std::int64_t width);
  /// Of planets that are all kept: [B, E, width].
  torch::Tensor forward(const ClimateInput& input, const PatchGrid& grid) const;

 private:
  torch::Tensor monthThreshold_K_, monthSlope_K_, yearThreshold_K_, yearSlope_K_;
  std::shared_ptr<layers::Linear> cell_;
  std::shared_ptr<layers::GeluMlp> out_;
  std::shared_ptr<layers::RmsNorm> norm_;
};

}  // namespace ecumene::models::climate
