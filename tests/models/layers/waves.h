// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cmath>

namespace ecumene::models::layers {

/// Numbers without pattern, no generator: sin(0.7 i^2 + phase), float64.
inline torch::Tensor wave(torch::IntArrayRef shape, double phase) {
  const torch::Tensor place = torch::arange(c10::multiply_integers(shape), torch::kFloat64);
  return torch::sin(place * place * 0.7 + phase).view(shape);
}

/// An element of a float64 tensor on the CPU.
inline double element(const torch::Tensor& x, torch::IntArrayRef place) {
  torch::Tensor part = x;
  for (const std::int64_t index : place) part = part[index];
  return part.item<double>();
}

}  // namespace ecumene::models::layers
