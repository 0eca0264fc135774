// SPDX-License-Identifier: Apache-2.0
#include "models/layers/feed_forward.h"

namespace ecumene::models::layers {

SwiGlu::SwiGlu(const Init& init, std::int64_t width, std::int64_t hidden, std::int64_t outWidth)
    : gate(add<Linear>(*this, init, "gate_proj", width, hidden, false)),
      up(add<Linear>(*this, init, "up_proj", width, hidden, false)),
      down(add<Linear>(*this, init, "down_proj", hidden, outWidth, false)) {}

torch::Tensor SwiGlu::forward(const torch::Tensor& x) const {
  return down->forward(torch::silu(gate->forward(x)) * up->forward(x));
}

GeluMlp::GeluMlp(const Init& init, std::int64_t width, std::int64_t hidden, std::int64_t outWidth)
    : in(add<Linear>(*this, init, "in", width, hidden)), out(add<Linear>(*this, init, "out", hidden, outWidth)) {}

torch::Tensor GeluMlp::forward(const torch::Tensor& x) const {
  return out->forward(torch::gelu(in->forward(x)));
}

}  // namespace ecumene::models::layers
