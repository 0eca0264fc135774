// SPDX-License-Identifier: Apache-2.0
#include "models/layers/attention.h"

#include <cmath>
#include <limits>

namespace ecumene::models::layers {
namespace {

/// bool, true: query t may see key s; broadcastable to [B, 1, T, S]. Undefined: all see all.
torch::Tensor visible(const AttentionScope& scope, std::int64_t queries, std::int64_t keys, torch::Device device) {
  torch::Tensor visible;
  if (scope.causal) {
    // The last query stands at the last key, so that a cache of earlier keys needs no offset.
    const torch::Tensor query = torch::arange(keys - queries, keys, device).unsqueeze(1);
    const torch::Tensor key = torch::arange(keys, device).unsqueeze(0);
    visible = key <= query;
    if (scope.window > 0) visible = visible & (key > query - scope.window);
    visible = visible.unsqueeze(0).unsqueeze(0);
  }
  if (!scope.keep_BS.defined()) return visible;
  const torch::Tensor kept = scope.keep_BS.unsqueeze(1).unsqueeze(1);
  return visible.defined() ? visible & kept : kept;
}

}  // namespace

torch::Tensor attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                     const AttentionScope& scope, AttentionRecord* record) {
  const std::int64_t queries = q.size(2), keys = k.size(2);
  const bool grouped = q.size(1) != k.size(1);
  TORCH_CHECK(q.size(1) % k.size(1) == 0, q.size(1), " query heads are no multiple of ", k.size(1), " key heads");
  TORCH_CHECK(!scope.causal || queries <= keys, "causal attention of ", queries, " queries over ", keys, " keys");
  TORCH_CHECK(scope.window == 0 || (scope.causal && scope.window > 0), "window ", scope.window, " needs causal");
  const bool plainCausal =
      scope.causal && scope.window == 0 && !scope.keep_BS.defined() && !scope.bias_BHTS.defined() && queries == keys;
  if (record == nullptr && plainCausal) {
    return at::scaled_dot_product_attention(q, k, v, {}, 0.0, true, std::nullopt, grouped);
  }
  const torch::Tensor seen = visible(scope, queries, keys, q.device());
  torch::Tensor some;  // bool [.., T, 1]: the query may see a key at all; undefined: each may
  torch::Tensor mask;  // additive, of q's type
  if (seen.defined()) {
    torch::Tensor open = seen;
    if (scope.keep_BS.defined()) {
      some = seen.any(-1, true);
      // The softmax of a row without any key would be 0/0: it reads all keys, and its result is set to zero below.
      open = seen | some.logical_not();
    }
    const double closed = -std::numeric_limits<double>::infinity();
    mask = torch::zeros(open.sizes(), q.options()).masked_fill(open.logical_not(), closed);
  }
  if (scope.bias_BHTS.defined()) {
    const torch::Tensor bias = scope.bias_BHTS.to(q.scalar_type());
    mask = mask.defined() ? mask + bias : bias;
  }
  torch::Tensor result;
  if (record == nullptr) {
    const std::optional<torch::Tensor> given =
        mask.defined() ? std::optional(mask.expand({q.size(0), -1, queries, keys})) : std::nullopt;
    result = at::scaled_dot_product_attention(q, k, v, given, 0.0, false, std::nullopt, grouped);
  } else {
    const std::int64_t repeat = q.size(1) / k.size(1);
    torch::Tensor scores =
        torch::matmul(q, k.repeat_interleave(repeat, 1).transpose(-1, -2)) / std::sqrt(static_cast<double>(q.size(3)));
    if (mask.defined()) scores = scores + mask;
    const torch::Tensor weights = torch::softmax(scores, -1);
    const torch::Tensor given = some.defined() ? weights * some.to(weights.scalar_type()) : weights;
    record->weights_BHTS = given.detach().to(torch::kFloat32);
    result = torch::matmul(weights, v.repeat_interleave(repeat, 1));
  }
  return some.defined() ? result * some.to(result.scalar_type()) : result;
}

MultiHeadAttention::MultiHeadAttention(const Init& init, std::int64_t width, std::int64_t heads,
                                       std::int64_t contextWidth)
    : heads_(heads) {
  TORCH_CHECK(width % heads == 0, init.path(), ": width ", width, " is no multiple of ", heads, " heads");
  const std::int64_t from = contextWidth > 0 ? contextWidth : width;
  query = add<Linear>(*this, init, "query", width, width, false);
  key = add<Linear>(*this, init, "key", from, width, false);
  value = add<Linear>(*this, init, "value", from, width, false);
  out = add<Linear>(*this, init, "out", width, width, false);
}

torch::Tensor MultiHeadAttention::forward(const torch::Tensor& x, const AttentionScope& scope,
                                          const torch::Tensor& context) const {
  const torch::Tensor& from = context.defined() ? context : x;
  const auto split = [this](const torch::Tensor& y) {
    return y.view({y.size(0), y.size(1), heads_, y.size(2) / heads_}).transpose(1, 2);
  };
  const torch::Tensor heads =
      attend(split(query->forward(x)), split(key->forward(from)), split(value->forward(from)), scope, record_);
  return out->forward(heads.transpose(1, 2).reshape(x.sizes()));
}

TransformerBlock::TransformerBlock(const Init& init, std::int64_t width, std::int64_t heads, double dropout)
    : attention(add<MultiHeadAttention>(*this, init, "attention", width, heads)),
      attentionNorm_(add<RmsNorm>(*this, init, "attention_norm", width)),
      mlpNorm_(add<RmsNorm>(*this, init, "mlp_norm", width)),
      mlp_(add<SwiGlu>(*this, init, "mlp", width, (width * 8 / 3 + 15) / 16 * 16)),
      dropout_(dropout) {}

torch::Tensor TransformerBlock::forward(const torch::Tensor& x, const AttentionScope& scope) {
  const auto drop = [this](const torch::Tensor& y) {
    return torch::dropout(y, dropout_, is_training() && dropout_ > 0.0);
  };
  const torch::Tensor attended = x + drop(attention->forward(attentionNorm_->forward(x), scope));
  return attended + drop(mlp_->forward(mlpNorm_->forward(attended)));
}

}  // namespace ecumene::models::layers
