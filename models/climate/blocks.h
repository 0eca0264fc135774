// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/layers/attention.h"

// Shape letters: N batch times epochs, M months, Y latitudes, X longitudes (of the grid of patches), C channels.
namespace ecumene::models::climate {

/// One row more beyond each pole and one column more on each side: longitudes are periodic, and the row beyond a pole
/// is the last one seen from the other side, half a turn further. x [N, C, Y, X], X even -> [N, C, Y + 2, X + 2].
torch::Tensor padSphere(const torch::Tensor& x_NCYX);

/// x + pointwise(gelu(spatial(norm(x)) + temporal(norm(x)))): depthwise 3 x 3 over latitude and longitude, depthwise 3
/// over the months of the year (circular). x [N, M, Y, X, C].
class ConvolutionBlock : public torch::nn::Module {
 public:
  ConvolutionBlock(const layers::Init& init, std::int64_t width);
  torch::Tensor forward(const torch::Tensor& x_NMYXC) const;

 private:
  std::shared_ptr<layers::RmsNorm> norm_;
  torch::Tensor spatial_, temporal_;
  std::shared_ptr<layers::Linear> pointwise_;
};

/// Transformer block inside windows of all months x up to 4 latitudes x up to 4 longitudes. `shifted` windows begin
/// half a window further east, across the date line too.
class WindowBlock : public torch::nn::Module {
 public:
  WindowBlock(const layers::Init& init, std::int64_t width, std::int64_t heads, double dropout, bool shifted);
  torch::Tensor forward(const torch::Tensor& x_NMYXC);

 private:
  std::shared_ptr<layers::TransformerBlock> block_;
  bool shifted_;
};

}  // namespace ecumene::models::climate
