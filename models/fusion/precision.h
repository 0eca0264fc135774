// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

namespace ecumene::models::fusion {

/// The tensor in float32 where it is of a narrower type (autocast), else as it is: for logits, losses and softmaxes.
inline torch::Tensor atLeastFloat32(const torch::Tensor& x) {
  return x.to(c10::promoteTypes(x.scalar_type(), torch::kFloat32));
}

}  // namespace ecumene::models::fusion
