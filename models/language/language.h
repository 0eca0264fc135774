// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/language/decoder_layer.h"
#include "models/layers/tokens.h"
#include "models/spec/model_spec.h"

// Shape letters: B batch, P soft tokens before the text, T text tokens, C hidden width, V vocabulary.
namespace ecumene::models::language {

inline constexpr std::int64_t kNotScored = -100;

struct LanguageInput {
  torch::Tensor ids_BT;   ///< int64
  torch::Tensor keep_BT;  ///< bool, false: padding behind the text, or all of a hidden text
  /// int64: the token at each position as a target for the one before it; kNotScored: not scored.
  torch::Tensor labels_BT;
  layers::Tokens soft;  ///< [B, P, C] from other views; values undefined: none
};

struct LanguageOutput {
  /// Last hidden states of the text positions, after the final norm; of positions that are not kept: finite, no more.
  torch::Tensor hidden_BTC;
  torch::Tensor softHidden_BPC;  ///< of the soft positions; undefined without them
};

/// Embedding, decoder layers and final norm; named "model" as in Hugging Face's folders.
class Decoder : public torch::nn::Module {
 public:
  Decoder(const layers::Init& init, const spec::LanguageSpec& spec);
  std::shared_ptr<layers::Embedding> embedding;
  std::vector<std::shared_ptr<DecoderLayer>> blocks;
  std::shared_ptr<layers::RmsNorm> norm;
};

/// Decoder of the Llama family: pre-norm RMSNorm, rotary positions, grouped-query attention, SwiGLU, and by layer other
/// kinds of attention. Parameter names are those of Hugging Face ("model.layers.0.self_attn.q_proj.weight"). Soft
/// tokens stand before the text and are seen by all that follows; those that a sample lacks are never attended to.
class LanguageModel : public torch::nn::Module {
 public:
  LanguageModel(const layers::Init& init, const spec::LanguageSpec& spec);
  /// With a cache the input, which then has no padding, continues what the cache has seen; soft tokens come with the
  /// first call alone. The result is that of one call with the whole sequence, but for dynamic scaling beyond the
  /// original length, which turns new positions alone by the longer text's angles. Of several samples those whose text
  /// is hidden cost their soft tokens alone.
  LanguageOutput forward(const LanguageInput& input, Cache* cache = nullptr);
  /// Rows of the input embedding, [.., C].
  [[nodiscard]] torch::Tensor embed(const torch::Tensor& ids) const { return decoder_->embedding->forward(ids); }
  /// Logits [.., V] of hidden states.
  [[nodiscard]] torch::Tensor logits(const torch::Tensor& hidden) const;
  /// Attention of a layer, not a Mamba one, goes there ([B, heads, P + T, P + T]); nullptr: no longer.
  void recordTo(std::size_t layer, layers::AttentionRecord* record);
  [[nodiscard]] const spec::LanguageSpec& spec() const { return spec_; }
  /// Rope::setReach().
  void setReach(double reach) { rope_.setReach(reach); }

 private:
  /// All samples as one sequence each.
  LanguageOutput forwardWhole(const LanguageInput& input, Cache* cache);
  /// Samples with a text and samples without one apart.
  LanguageOutput forwardApart(const LanguageInput& input, const torch::Tensor& hasText_B);
  /// All samples behind each other in one row, without the padding behind their texts.
  LanguageOutput forwardPacked(const LanguageInput& input);
  torch::Tensor throughLayers(torch::Tensor x_BTC, const Sequence& sequence, Cache* cache);
  spec::LanguageSpec spec_;
  Rope rope_;
  std::shared_ptr<Decoder> decoder_;
  std::shared_ptr<layers::Linear> head_;  ///< null if tied to the embedding
};

/// Mean cross-entropy of the next token over scored positions, nats per token, and how many were scored. Logits are
/// made for scored positions only.
struct LanguageLoss {
  torch::Tensor loss;
  std::int64_t scored = 0;
};
LanguageLoss languageLoss(const LanguageModel& model, const LanguageInput& input, const LanguageOutput& output);

}  // namespace ecumene::models::language
