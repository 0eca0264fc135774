// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

// Under autocast tensors are of narrower types, in which sums, softmaxes and losses lose too much.
namespace ecumene::models::layers {

/// float32 where the type is narrower, else the type.
inline torch::ScalarType atLeastFloat32(torch::ScalarType type) {
  return c10::promoteTypes(type, torch::kFloat32);
}
/// The tensor in that type.
inline torch::Tensor atLeastFloat32(const torch::Tensor& x) {
  return x.to(atLeastFloat32(x.scalar_type()));
}

}  // namespace ecumene::models::layers
