// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/layers/attention.h"

// Shape letters: B batch, H query heads, K key/value heads (H is a multiple of K), T queries, S keys, D head width, M
// features.
namespace ecumene::models::layers {

/// Attention whose weights are products of non-negative features, in time and memory linear in the length:
/// y_t = sum_s (q'_t . k'_s) v_s / sum_s (q'_t . k'_s), over all s or, if causal, over those not after t (the last
/// query stands at the last key). q' [B, H, T, M], k' [B, K, S, M], v [B, K, S, D] -> [B, H, T, D]. A key whose
/// features are zero is not seen; a query that sees none gives zeros. With a record the weights are written out, and
/// the cost is T S. Computed in float32 at least, under autocast too.
torch::Tensor featureAttention(const torch::Tensor& q_BHTM, const torch::Tensor& k_BKSM, const torch::Tensor& v_BKSD,
                               bool causal, AttentionRecord* record = nullptr);

/// Features of the Linear Transformer: elu(x) + 1 (Katharopoulos et al. 2020, arXiv 2006.16236, eq. 7).
/// `keep` [B, T], undefined or false for positions that get zeros.
torch::Tensor linearFeatures(const torch::Tensor& x_BHTD, const torch::Tensor& keep_BT = {});

/// Positive random features of the softmax kernel (FAVOR+, Choromanski et al. 2021, arXiv 2009.14794, eq. 7 and sect.
/// 2.4): with z = x / D^(1/4), exp(w_m . z - |z|^2 / 2) / sqrt(M); the mean over w of the product of two such features
/// is exp(q . k / sqrt(D)). The w_m are orthogonal in blocks of D, with the lengths of normal vectors; they are a
/// buffer "directions" [M, D], M = 4 D, drawn once.
class PerformerFeatures : public torch::nn::Module {
 public:
  PerformerFeatures(const Init& init, std::int64_t headWidth);
  /// Each query's features times a factor of its own, which attention divides out.
  torch::Tensor queries(const torch::Tensor& q_BHTD) const;
  /// All keys' features of a head times one factor, which attention divides out; `keep` [B, S], undefined or false for
  /// keys that get zeros.
  torch::Tensor keys(const torch::Tensor& k_BKSD, const torch::Tensor& keep_BS) const;

 private:
  torch::Tensor exponents(const torch::Tensor& x) const;
  torch::Tensor directions_MD_;
};

}  // namespace ecumene::models::layers
