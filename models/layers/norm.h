// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/layers/init.h"

namespace ecumene::models::layers {

/// x / sqrt(mean(x^2) + epsilon) * weight over the last dimension (Zhang & Sennrich 2019, arXiv 1910.07467), the
/// mean in float32 where the input's type is narrower.
class RmsNorm : public torch::nn::Module {
 public:
  RmsNorm(const Init& init, std::int64_t width, double epsilon = 1e-5);
  torch::Tensor forward(const torch::Tensor& x) const;
  torch::Tensor weight;

 private:
  double epsilon_;
};

/// Learned factor per channel on a residual branch, beginning small (LayerScale, Touvron et al. 2021, arXiv
/// 2103.17239).
class LayerScale : public torch::nn::Module {
 public:
  LayerScale(const Init& init, std::int64_t width, double initial);
  torch::Tensor forward(const torch::Tensor& x) const { return x * weight; }
  torch::Tensor weight;
};

}  // namespace ecumene::models::layers
