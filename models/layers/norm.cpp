// SPDX-License-Identifier: Apache-2.0
#include "models/layers/norm.h"

namespace ecumene::models::layers {

RmsNorm::RmsNorm(const Init& init, std::int64_t width, double epsilon) : epsilon_(epsilon) {
  weight = register_parameter("weight", init.constant({width}, 1.0));
}

torch::Tensor RmsNorm::forward(const torch::Tensor& x) const {
  const torch::Tensor wide = x.to(c10::promoteTypes(x.scalar_type(), torch::kFloat32));
  const torch::Tensor normalised = wide * torch::rsqrt(wide.square().mean(-1, true) + epsilon_);
  return normalised.to(x.scalar_type()) * weight.to(x.scalar_type());
}

LayerScale::LayerScale(const Init& init, std::int64_t width, double initial) {
  weight = register_parameter("weight", init.constant({width}, initial));
}

}  // namespace ecumene::models::layers
