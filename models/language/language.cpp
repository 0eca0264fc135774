// SPDX-License-Identifier: Apache-2.0
#include "models/language/language.h"

#include <string>

#include "models/layers/checkpointed.h"
#include "models/layers/precision.h"

namespace ecumene::models::language {

using layers::add;
using torch::indexing::Slice;

namespace {

/// "layers.0", "layers.1", ... as one named level of modules.
class Stack : public torch::nn::Module {
 public:
  Stack(const layers::Init& init, const spec::LanguageSpec& spec, const std::vector<spec::LayerAttention>& kinds) {
    for (const spec::LayerAttention& kind : kinds) {
      blocks.push_back(add<DecoderLayer>(*this, init, std::to_string(blocks.size()), spec, kind));
    }
  }
  std::vector<std::shared_ptr<DecoderLayer>> blocks;
};

}  // namespace

Decoder::Decoder(const layers::Init& init, const spec::LanguageSpec& spec)
    : embedding(add<layers::Embedding>(*this, init, "embed_tokens", spec.vocabulary, spec.width)),
      blocks(add<Stack>(*this, init, "layers", spec, spec::layerAttention(spec))->blocks),
      norm(add<layers::RmsNorm>(*this, init, "norm", spec.width, spec.normEpsilon)) {}

LanguageModel::LanguageModel(const layers::Init& init, const spec::LanguageSpec& spec)
    : spec_(spec), rope_(spec), decoder_(add<Decoder>(*this, init, "model", spec)) {
  if (!spec.tiedHead) head_ = add<layers::Linear>(*this, init, "lm_head", spec.width, spec.vocabulary, false);
}

LanguageOutput LanguageModel::forward(const LanguageInput& input, Cache* cache) {
  if (spec_.packed && cache == nullptr && input.keep_BT.size(0) > 1) return forwardPacked(input);
  // One sample alone is computed as it is, so that its attention can be recorded over all of its positions.
  if (cache == nullptr && input.keep_BT.size(0) > 1) {
    const torch::Tensor hasText_B = input.keep_BT.any(1);
    const bool any = input.soft.values_BTC.defined() || hasText_B.any().item<bool>();
    if (any && !hasText_B.all().item<bool>()) return forwardApart(input, hasText_B);
  }
  return forwardWhole(input, cache);
}

LanguageOutput LanguageModel::forwardApart(const LanguageInput& input, const torch::Tensor& hasText_B) {
  const std::int64_t batch = input.ids_BT.size(0), text = input.ids_BT.size(1);
  const bool soft = input.soft.values_BTC.defined();
  const torch::TensorOptions options = decoder_->norm->weight.options().requires_grad(false);
  LanguageOutput output;
  output.hidden_BTC = torch::zeros({batch, text, spec_.width}, options);
  if (soft) output.softHidden_BPC = torch::zeros({batch, input.soft.values_BTC.size(1), spec_.width}, options);
  for (const bool withText : {true, false}) {
    const torch::Tensor own_R = (withText ? hasText_B : hasText_B.logical_not()).nonzero().squeeze(1);
    if (own_R.size(0) == 0 || (!withText && !soft)) continue;
    LanguageInput some;
    some.ids_BT = input.ids_BT.index_select(0, own_R).narrow(1, 0, withText ? text : 0);
    some.keep_BT = input.keep_BT.index_select(0, own_R).narrow(1, 0, withText ? text : 0);
    if (soft) some.soft = {input.soft.values_BTC.index_select(0, own_R), input.soft.keep_BT.index_select(0, own_R)};
    const LanguageOutput made = forwardWhole(some, nullptr);
    if (withText) output.hidden_BTC = output.hidden_BTC.index_copy(0, own_R, made.hidden_BTC);
    if (soft) output.softHidden_BPC = output.softHidden_BPC.index_copy(0, own_R, made.softHidden_BPC);
  }
  return output;
}

LanguageOutput LanguageModel::forwardWhole(const LanguageInput& input, Cache* cache) {
  torch::Tensor x = embed(input.ids_BT);
  const std::int64_t soft = input.soft.values_BTC.defined() ? input.soft.values_BTC.size(1) : 0;
  Sequence sequence;
  sequence.softTokens = soft;
  // Padding behind the text is after all that is real, so the causal mask hides it already: only soft tokens need one.
  torch::Tensor keep = torch::ones({x.size(0), x.size(1)}, input.ids_BT.options().dtype(torch::kBool));
  if (soft > 0) {
    x = torch::cat({input.soft.values_BTC.to(x.scalar_type()), x}, 1);
    keep = torch::cat({input.soft.keep_BT, keep}, 1);
  }
  if (cache != nullptr) {
    const bool first = cache->length() == 0;
    TORCH_CHECK(first || soft == 0, "soft tokens come before all text");
    TORCH_CHECK(input.keep_BT.all().item<bool>(), "a text with padding cannot be continued");
    if (first) cache->softTokens = soft;
    sequence.softTokens = cache->softTokens;
    keep = cache->keep_BS = first ? keep : torch::cat({cache->keep_BS, keep}, 1);
  }
  if (sequence.softTokens > 0 && !keep.all().item<bool>()) sequence.keep_BS = keep;
  sequence.angles = rope_.angles(keep.size(1), x.options());
  x = throughLayers(x, sequence, cache);
  LanguageOutput output;
  output.hidden_BTC = x.index({Slice(), Slice(soft)});
  if (soft > 0) output.softHidden_BPC = x.index({Slice(), Slice(0, soft)});
  return output;
}

torch::Tensor LanguageModel::throughLayers(torch::Tensor x, const Sequence& sequence, Cache* cache) {
  for (std::size_t i = 0; i < decoder_->blocks.size(); ++i) {
    const std::shared_ptr<DecoderLayer>& block = decoder_->blocks[i];
    if (spec_.checkpointing && is_training() && cache == nullptr) {
      const auto forward = [block, sequence](const std::vector<torch::Tensor>& y) {
        return block->forward(y.front(), sequence);
      };
      x = layers::checkpointed(forward, {x}, block->parameters());
    } else {
      x = block->forward(x, sequence, cache != nullptr ? &cache->layers.at(i) : nullptr);
    }
  }
  return decoder_->norm->forward(x);
}

LanguageOutput LanguageModel::forwardPacked(const LanguageInput& input) {
  const std::int64_t batch = input.ids_BT.size(0), text = input.ids_BT.size(1);
  const std::int64_t soft = input.soft.values_BTC.defined() ? input.soft.values_BTC.size(1) : 0;
  const torch::Device device = input.ids_BT.device();
  const torch::Tensor lengths = input.keep_BT.sum(1).to(torch::kCPU);
  const torch::Tensor keep = soft > 0 ? input.soft.keep_BT.to(torch::kCPU) : torch::Tensor();
  Sequence sequence;
  sequence.softTokens = soft;
  const torch::TensorOptions options = decoder_->norm->weight.options().requires_grad(false);
  // Dynamic scaling depends on the longest sequence that is computed together, samples without a text apart.
  const Rope::Angles ofTexts = rope_.angles(soft + text, options), ofSoft = rope_.angles(soft, options);
  // Of each token in the row its place among all soft tokens and then all texts of the batch, and its angles.
  std::vector<torch::Tensor> places, cosines, sines;
  for (std::int64_t b = 0; b < batch; ++b) {
    const std::int64_t length = lengths[b].item<std::int64_t>();
    if (soft + length == 0) continue;
    places.push_back(torch::arange(b * soft, (b + 1) * soft));
    places.push_back(torch::arange(batch * soft + b * text, batch * soft + b * text + length));
    const Rope::Angles& angles = length > 0 ? ofTexts : ofSoft;
    cosines.push_back(angles.cos.narrow(0, 0, soft + length));
    sines.push_back(angles.sin.narrow(0, 0, soft + length));
    torch::Tensor seen;
    if (soft > 0 && !keep[b].all().item<bool>()) {
      seen = torch::cat({keep[b], torch::ones({length}, torch::kBool)}).unsqueeze(0).to(device);
    }
    sequence.stretches.push_back({soft + length, seen});
  }
  torch::Tensor all = torch::zeros({batch * (soft + text), spec_.width}, options);
  if (!places.empty()) {
    const torch::Tensor place = torch::cat(places).to(device);
    torch::Tensor x = embed(input.ids_BT.flatten());
    if (soft > 0) x = torch::cat({input.soft.values_BTC.flatten(0, 1).to(x.scalar_type()), x});
    x = x.index_select(0, place).unsqueeze(0);
    sequence.angles = {torch::cat(cosines), torch::cat(sines)};
    all = all.index_copy(0, place, throughLayers(x, sequence, nullptr).squeeze(0).to(all.scalar_type()));
  }
  LanguageOutput output;
  if (soft > 0) output.softHidden_BPC = all.narrow(0, 0, batch * soft).view({batch, soft, -1});
  output.hidden_BTC = all.narrow(0, batch * soft, batch * text).view({batch, text, -1});
  return output;
}

torch::Tensor LanguageModel::logits(const torch::Tensor& hidden) const {
  if (head_) return head_->forward(hidden);
  return torch::nn::functional::linear(hidden, decoder_->embedding->weight);
}

void LanguageModel::recordTo(std::size_t layer, layers::AttentionRecord* record) {
  const auto& attention = decoder_->blocks.at(layer)->attention;
  TORCH_CHECK(attention || record == nullptr, "layer ", layer, " is a Mamba layer: it has no attention weights");
  if (attention) attention->recordTo(record);
}

LanguageLoss languageLoss(const LanguageModel& model, const LanguageInput& input, const LanguageOutput& output) {
  const std::int64_t length = input.ids_BT.size(1);
  const torch::Tensor next = input.labels_BT.index({Slice(), Slice(1)});
  const torch::Tensor scored = (next != kNotScored) & input.keep_BT.index({Slice(), Slice(0, length - 1)});
  const torch::Tensor place = scored.nonzero();
  // Rows by number: the gradient of a boolean index adds value by value.
  const torch::Tensor hidden =
      output.hidden_BTC.flatten(0, 1).index_select(0, place.select(1, 0) * length + place.select(1, 1));
  const std::int64_t count = hidden.size(0);
  if (count == 0) return {hidden.sum(), 0};
  const torch::Tensor logits = layers::atLeastFloat32(model.logits(hidden));
  return {torch::nn::functional::cross_entropy(logits, next.masked_select(scored)), count};
}

}  // namespace ecumene::models::language
