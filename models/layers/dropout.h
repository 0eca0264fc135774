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

/// A module that drops values while it is trained, with a chance that may change between steps.
class WithDropout {
 public:
  explicit WithDropout(double chance) : dropout_(chance) {}
  virtual ~WithDropout() = default;

 protected:
  double dropout_;

 private:
  friend void setDropout(torch::nn::Module& root, double chance);
};

/// Gives all modules with dropout from `root` down this chance, in [0, 1). Not while one of them computes.
void setDropout(torch::nn::Module& root, double chance);

}  // namespace ecumene::models::layers
