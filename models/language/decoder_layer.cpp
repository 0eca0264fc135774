// SPDX-License-Identifier: Apache-2.0
#include "models/language/decoder_layer.h"

#include "models/layers/dropout.h"

namespace ecumene::models::language {

using layers::add;
using layers::Linear;
using spec::AttentionKind;

namespace {

std::vector<std::int64_t> lengthsOf(const Sequence& sequence) {
  std::vector<std::int64_t> lengths;
  for (const Stretch& stretch : sequence.stretches) lengths.push_back(stretch.length);
  return lengths;
}

torch::Tensor scanApart(const layers::Mamba& mamba, const torch::Tensor& x, const Sequence& sequence) {
  const auto parts = x.split_with_sizes(lengthsOf(sequence), 1);
  std::vector<torch::Tensor> mixed;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    mixed.push_back(mamba.forward(parts[i], sequence.stretches[i].keep_1S));
  }
  return torch::cat(mixed, 1);
}

}  // namespace

SelfAttention::SelfAttention(const layers::Init& init, const spec::LanguageSpec& spec, const spec::LayerAttention& kind)
    : kind_(kind), headWidth_(spec.headWidth) {
  const std::int64_t keyValueHeads = kind.kind == AttentionKind::kMultiQuery ? 1 : spec.keyValueHeads;
  query = add<Linear>(*this, init, "q_proj", spec.width, spec.heads * headWidth_, false);
  key = add<Linear>(*this, init, "k_proj", spec.width, keyValueHeads * headWidth_, false);
  value = add<Linear>(*this, init, "v_proj", spec.width, keyValueHeads * headWidth_, false);
  out = add<Linear>(*this, init, "o_proj", spec.heads * headWidth_, spec.width, false);
  if (kind.kind == AttentionKind::kPerformer) {
    performer_ = add<layers::PerformerFeatures>(*this, init, "performer", headWidth_);
  }
}

torch::Tensor SelfAttention::mix(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                                 const Sequence& sequence) const {
  if (performer_) {
    return layers::featureAttention(performer_->queries(q), performer_->keys(k, sequence.keep_BS), v, true, record_);
  }
  if (kind_.kind == AttentionKind::kLinear) {
    return layers::featureAttention(layers::linearFeatures(q), layers::linearFeatures(k, sequence.keep_BS), v, true,
                                    record_);
  }
  layers::AttentionScope scope{.causal = true, .keep_BS = sequence.keep_BS};
  if (kind_.kind == AttentionKind::kSliding) {
    scope.window = kind_.window;
    scope.globals = sequence.softTokens + kind_.globals;
  }
  return layers::attend(q, k, v, scope, record_);
}

torch::Tensor SelfAttention::mixApart(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                                      const Sequence& sequence) const {
  const std::vector<std::int64_t> lengths = lengthsOf(sequence);
  const auto apart = [&](const torch::Tensor& x) { return x.split_with_sizes(lengths, 2); };
  const auto qs = apart(q), ks = apart(k), vs = apart(v);
  std::vector<torch::Tensor> mixed;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    mixed.push_back(mix(qs[i], ks[i], vs[i], {{}, sequence.stretches[i].keep_1S, sequence.softTokens, {}}));
  }
  return torch::cat(mixed, 2);
}

torch::Tensor SelfAttention::forward(const torch::Tensor& x, const Sequence& sequence, LayerCache* cache) const {
  const std::int64_t batch = x.size(0), length = x.size(1);
  const auto split = [&](const torch::Tensor& y) { return y.view({batch, length, -1, headWidth_}).transpose(1, 2); };
  const torch::Tensor q = rotate(split(query->forward(x)), sequence.angles);
  torch::Tensor k = rotate(split(key->forward(x)), sequence.angles), v = split(value->forward(x));
  if (cache != nullptr) {
    if (cache->keys.defined()) {
      k = torch::cat({cache->keys, k}, 2);
      v = torch::cat({cache->values, v}, 2);
    }
    cache->keys = k;
    cache->values = v;
  }
  const torch::Tensor heads = sequence.stretches.empty() ? mix(q, k, v, sequence) : mixApart(q, k, v, sequence);
  return out->forward(heads.transpose(1, 2).reshape({batch, length, -1}));
}

DecoderLayer::DecoderLayer(const layers::Init& init, const spec::LanguageSpec& spec, const spec::LayerAttention& kind)
    : WithDropout(spec.dropout) {
  inputNorm_ = add<layers::RmsNorm>(*this, init, "input_layernorm", spec.width, spec.normEpsilon);
  if (kind.kind == AttentionKind::kMamba) {
    mamba = add<layers::Mamba>(*this, init, "mamba", spec.width);
  } else {
    attention = add<SelfAttention>(*this, init, "self_attn", spec, kind);
  }
  outputNorm_ = add<layers::RmsNorm>(*this, init, "post_attention_layernorm", spec.width, spec.normEpsilon);
  mlp = add<layers::SwiGlu>(*this, init, "mlp", spec.width, spec.intermediate);
  if (spec.loraRank == 0) return;
  for (const auto& child : named_modules("", false)) {
    const auto linear = std::dynamic_pointer_cast<Linear>(child.value());
    if (linear) linear->addLora(init.child(child.key()), spec.loraRank, spec.loraAlpha);
  }
}

torch::Tensor DecoderLayer::forward(const torch::Tensor& x, const Sequence& sequence, LayerCache* cache) {
  const auto drop = [this](const torch::Tensor& y) { return layers::dropout(y, dropout_, is_training()); };
  const torch::Tensor normed = inputNorm_->forward(x);
  torch::Tensor mixed;
  if (mamba && !sequence.stretches.empty()) {
    mixed = scanApart(*mamba, normed, sequence);
  } else if (mamba) {
    const torch::Tensor& keep = sequence.keep_BS;
    const torch::Tensor present =
        keep.defined() ? keep.narrow(1, keep.size(1) - x.size(1), x.size(1)) : torch::Tensor();
    mixed = mamba->forward(normed, present, cache != nullptr ? &cache->mamba : nullptr);
  } else {
    mixed = attention->forward(normed, sequence, cache);
  }
  const torch::Tensor attended = x + drop(mixed);
  return attended + drop(mlp->forward(outputNorm_->forward(attended)));
}

}  // namespace ecumene::models::language
