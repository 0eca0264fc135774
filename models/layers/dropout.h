// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Generator.h>
#include <torch/torch.h>

#include <cstdint>

namespace ecumene::models::layers {

/// While it lives, dropout of this thread on the CPU draws from numbers of its own in the place of Torch's generator,
/// which all threads share: so models may learn on several threads at once, each with numbers that do not depend on
/// the others. They may not be nested.
class DropoutNumbers {
 public:
  explicit DropoutNumbers(std::uint64_t seed);
  ~DropoutNumbers();
  DropoutNumbers(const DropoutNumbers&) = delete;
  DropoutNumbers& operator=(const DropoutNumbers&) = delete;
};

/// The generator that dropout of this thread draws from on a device.
at::Generator dropoutGenerator(const torch::Device& device);

/// x with each value zero with the given chance and divided by its complement otherwise; x itself if not `training`.
/// The same numbers give the same result as torch::dropout().
torch::Tensor dropout(const torch::Tensor& x, double chance, bool training);

}  // namespace ecumene::models::layers
