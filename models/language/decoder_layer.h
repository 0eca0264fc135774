// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/language/cache.h"
#include "models/language/rope.h"
#include "models/layers/attention.h"
#include "models/layers/feature_attention.h"
#include "models/spec/attention_kind.h"

// Shape letters: B batch, S positions of the whole sequence, T the last of them, which a call computes, C hidden width.
namespace ecumene::models::language {

/// One of several sequences that stand behind each other in one row of tokens and do not see each other.
struct Stretch {
  std::int64_t length = 0;
  torch::Tensor keep_1S;  ///< as Sequence::keep_BS
};

/// What all layers of one call share.
struct Sequence {
  Rope::Angles angles;             ///< of all S positions
  torch::Tensor keep_BS;           ///< bool, false: never attended to; undefined: all are real
  std::int64_t softTokens = 0;     ///< at the front, of each stretch
  std::vector<Stretch> stretches;  ///< of a packed row (B = 1), S positions in all; empty: each row is one sequence
};

/// Grouped-query causal self-attention with rotary positions; projections named as Hugging Face does. All kinds but
/// Mamba: see spec::AttentionKind. Soft tokens are seen from outside a window too.
class SelfAttention : public torch::nn::Module {
 public:
  SelfAttention(const layers::Init& init, const spec::LanguageSpec& spec, const spec::LayerAttention& kind);
  /// x [B, T, C]; with a cache, keys and values of earlier positions come first.
  torch::Tensor forward(const torch::Tensor& x_BTC, const Sequence& sequence, LayerCache* cache) const;
  void recordTo(layers::AttentionRecord* record) { record_ = record; }

  std::shared_ptr<layers::Linear> query, key, value, out;

 private:
  /// Each sequence by itself.
  torch::Tensor mixApart(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                         const Sequence& sequence) const;
  torch::Tensor mix(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                    const Sequence& sequence) const;

  spec::LayerAttention kind_;
  std::int64_t headWidth_;
  std::shared_ptr<layers::PerformerFeatures> performer_;  ///< null with other kinds
  layers::AttentionRecord* record_ = nullptr;
};

/// Pre-norm decoder layer of the Llama family. With LoRA its projections have low-rank factors and are frozen.
class DecoderLayer : public torch::nn::Module, public layers::WithDropout {
 public:
  DecoderLayer(const layers::Init& init, const spec::LanguageSpec& spec, const spec::LayerAttention& kind);
  torch::Tensor forward(const torch::Tensor& x_BTC, const Sequence& sequence, LayerCache* cache = nullptr);

  std::shared_ptr<SelfAttention> attention;  ///< null in a Mamba layer
  std::shared_ptr<layers::Mamba> mamba;      ///< null in all others
  std::shared_ptr<layers::SwiGlu> mlp;

 private:
  std::shared_ptr<layers::RmsNorm> inputNorm_, outputNorm_;
};

}  // namespace ecumene::models::language
