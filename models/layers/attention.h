// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/layers/dropout.h"
#include "models/layers/feed_forward.h"
#include "models/layers/norm.h"

// Shape letters: B batch, H query heads, K key/value heads (H is a multiple of K), T queries, S keys, D head width, C
// model width.
namespace ecumene::models::layers {

/// Which keys a query may see, and what is added to the scores.
struct AttentionScope {
  bool causal = false;        ///< no key after the query; the last query stands at the last key (T <= S)
  std::int64_t window = 0;    ///< > 0: keys at most window - 1 positions before the query; only with causal
  std::int64_t globals = 0;   ///< with a window: so many keys at the front are seen from any distance
  torch::Tensor keep_BS{};    ///< bool, false: key is padding; undefined: all are real
  torch::Tensor bias_BHTS{};  ///< added to the scores, finite, four dimensions, broadcastable; undefined: none
};

/// Weights that an attention layer gave, kept for inspection when its record is set: [B, H, T, S], float32, detached.
struct AttentionRecord {
  torch::Tensor weights_BHTS;
};

/// softmax(q k^T / sqrt(D) + bias) v with grouped key/value heads (query head h reads key/value head h / (H / K)):
/// q [B, H, T, D], k and v [B, K, S, D] -> [B, H, T, D]. A query that may see no key gives zeros, and its weights are
/// zeros. Values of hidden keys must be finite: they count zero times. With a record the weights are computed and kept;
/// without, the fused kernel runs, a window block by block: time and memory O(T (window + globals)).
torch::Tensor attend(const torch::Tensor& q_BHTD, const torch::Tensor& k_BKSD, const torch::Tensor& v_BKSD,
                     const AttentionScope& scope, AttentionRecord* record = nullptr);

class Linformer;
class PerformerFeatures;

/// What the softmax of attention may be replaced by: features whose products are the weights (featureAttention()).
enum class Kernel { kSoftmax, kPerformer, kLinear };

/// Multi-head attention with projections; self-attention, or cross-attention to a context of another width.
class MultiHeadAttention : public torch::nn::Module {
 public:
  MultiHeadAttention(const Init& init, std::int64_t width, std::int64_t heads, std::int64_t contextWidth = 0,
                     Kernel kernel = Kernel::kSoftmax);
  /// x [B, T, C], context [B, S, C']; without a context x attends to itself. With features the scope has no window and
  /// no bias.
  torch::Tensor forward(const torch::Tensor& x_BTC, const AttentionScope& scope,
                        const torch::Tensor& context_BSC = {}) const;
  /// Weights of the following calls are kept there; nullptr: no longer.
  void recordTo(AttentionRecord* record) { record_ = record; }

  std::shared_ptr<Linear> query, key, value, out;

 private:
  torch::Tensor mix(const torch::Tensor& q_BHTD, const torch::Tensor& k_BHSD, const torch::Tensor& v_BHSD,
                    const AttentionScope& scope) const;

  std::int64_t heads_;
  Kernel kernel_;
  std::shared_ptr<PerformerFeatures> performer_;  ///< null with other kernels
  AttentionRecord* record_ = nullptr;
};

/// Linformer's attention in a block: over `rank` mixtures of `longest` positions. Rank 0: none.
struct Mixtures {
  std::int64_t longest = 0, rank = 0;
};

/// Pre-norm block: x + attention(norm(x)), then x + SwiGLU(norm(x)); hidden width 8/3 C rounded up to 16.
class TransformerBlock : public torch::nn::Module, public WithDropout {
 public:
  TransformerBlock(const Init& init, std::int64_t width, std::int64_t heads, double dropout = 0.0,
                   Kernel kernel = Kernel::kSoftmax, const Mixtures& mixtures = {});
  torch::Tensor forward(const torch::Tensor& x_BTC, const AttentionScope& scope);
  std::shared_ptr<MultiHeadAttention> attention;  ///< null with mixtures

 private:
  std::shared_ptr<Linformer> linformer_;  ///< null without mixtures
  std::shared_ptr<RmsNorm> attentionNorm_, mlpNorm_;
  std::shared_ptr<SwiGlu> mlp_;
};

}  // namespace ecumene::models::layers
