// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/layers/init.h"

namespace ecumene::models::layers {

/// y = x W^T + b over the last dimension, with an optional low-rank addition (LoRA, Hu et al. 2021, arXiv 2106.09685):
/// y += (alpha / rank) x A^T B^T, B beginning at zero.
class Linear : public torch::nn::Module {
 public:
  /// W [out, in] begins normal with deviation gain / sqrt(in), b at zero.
  Linear(const Init& init, std::int64_t in, std::int64_t out, bool bias = true, double gain = 1.0);
  torch::Tensor forward(const torch::Tensor& x) const;

  /// Adds the two low-rank factors ("lora_a" [rank, in], "lora_b" [out, rank]), rank > 0, and freezes W and b. `init`
  /// is that of this layer: it names and places the factors.
  void addLora(const Init& init, std::int64_t rank, double alpha);
  /// W with the low-rank product added, without gradients.
  [[nodiscard]] torch::Tensor mergedWeight() const;
  [[nodiscard]] bool hasLora() const { return loraA_.defined(); }

  torch::Tensor weight, bias;  ///< bias is undefined where there is none

 private:
  torch::Tensor loraA_, loraB_;
  double loraScale_ = 0.0;
};

/// Rows of a table [count, width] by index; begins normal with the given deviation.
class Embedding : public torch::nn::Module {
 public:
  Embedding(const Init& init, std::int64_t count, std::int64_t width, double deviation = 0.02);
  torch::Tensor forward(const torch::Tensor& index) const;
  torch::Tensor weight;
};

}  // namespace ecumene::models::layers
