// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/layers/linear.h"

namespace ecumene::models::layers {

/// down(silu(gate(x)) * up(x)), without biases (Shazeer 2020, arXiv 2002.05202). [..., width] -> [..., outWidth].
class SwiGlu : public torch::nn::Module {
 public:
  SwiGlu(const Init& init, std::int64_t width, std::int64_t hidden) : SwiGlu(init, width, hidden, width) {}
  SwiGlu(const Init& init, std::int64_t width, std::int64_t hidden, std::int64_t outWidth);
  torch::Tensor forward(const torch::Tensor& x) const;
  std::shared_ptr<Linear> gate, up, down;
};

/// out(gelu(in(x))). [..., width] -> [..., outWidth].
class GeluMlp : public torch::nn::Module {
 public:
  GeluMlp(const Init& init, std::int64_t width, std::int64_t hidden, std::int64_t outWidth);
  torch::Tensor forward(const torch::Tensor& x) const;
  std::shared_ptr<Linear> in, out;
};

}  // namespace ecumene::models::layers
