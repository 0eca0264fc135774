// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/layers/attention.h"

namespace ecumene::models::layers {

/// Self-attention over learned mixtures of positions (Linformer, Wang et al. 2020, arXiv 2006.04768, eq. 7):
/// softmax(q (E k)^T / sqrt(D)) (F v), E and F [rank, longest] shared by all heads, in time and memory linear in the
/// length. A mixture holds later positions, so a causal mask is refused. Of several stretches of `longest` positions
/// each is mixed by the same E and F, and a mixture is the mean over the stretches.
class Linformer : public torch::nn::Module {
 public:
  Linformer(const Init& init, std::int64_t width, std::int64_t heads, std::int64_t longest, std::int64_t rank);
  /// x [B, T, C], T <= longest or a multiple of it; hidden positions enter no mixture.
  torch::Tensor forward(const torch::Tensor& x_BTC, const AttentionScope& scope) const;

  std::shared_ptr<Linear> query, key, value, out;
  torch::Tensor keyMixture, valueMixture;  ///< [rank, longest]

 private:
  std::int64_t heads_;
};

}  // namespace ecumene::models::layers
