// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

namespace ecumene::models::layers {

/// A sequence per sample. Shape letters: B batch, T tokens, C channels.
struct Tokens {
  torch::Tensor values_BTC;
  torch::Tensor keep_BT;  ///< bool, true: this token stands for real input; others are never attended to
};

}  // namespace ecumene::models::layers
