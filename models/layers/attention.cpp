// SPDX-License-Identifier: Apache-2.0
#include "models/layers/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/layers/feature_attention.h"
#include "models/layers/linformer.h"

namespace ecumene::models::layers {
namespace {

/// Fewest queries that share one masked kernel call under a window.
constexpr std::int64_t kWindowBlock = 256;

/// What is left of a scope once limits that hide nothing are dropped, and where queries and keys stand.
struct Placed {
  AttentionScope scope;
  torch::Tensor query_T, key_S;  ///< int64 positions; undefined where the scope is not causal
};

Placed place(const AttentionScope& scope, std::int64_t queries, std::int64_t keys, torch::Device device) {
  Placed placed{scope, {}, {}};
  if (scope.window + scope.globals >= keys) placed.scope.window = 0;
  if (queries == 1 && placed.scope.window == 0) placed.scope.causal = false;
  if (!placed.scope.causal) return placed;
  placed.query_T = torch::arange(keys - queries, keys, device);
  placed.key_S = torch::arange(keys, device);
  return placed;
}

/// bool, true: query t may see key s; broadcastable to [B, 1, T, S]. Undefined: all see all.
torch::Tensor visible(const Placed& placed) {
  torch::Tensor visible;
  if (placed.scope.causal) {
    const torch::Tensor query = placed.query_T.unsqueeze(1), key = placed.key_S.unsqueeze(0);
    visible = key <= query;
    if (placed.scope.window > 0) {
      visible = visible & ((key > query - placed.scope.window) | (key < placed.scope.globals));
    }
    visible = visible.unsqueeze(0).unsqueeze(0);
  }
  if (!placed.scope.keep_BS.defined()) return visible;
  const torch::Tensor kept = placed.scope.keep_BS.unsqueeze(1).unsqueeze(1);
  return visible.defined() ? visible & kept : kept;
}

/// The fused kernel. Those for GPUs want head widths that are multiples of 8: zeros are appended, which change neither
/// the scores nor the first D channels of the result.
torch::Tensor fused(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v, const torch::Tensor& mask,
                    bool causal) {
  const std::int64_t width = q.size(3), missing = (8 - width % 8) % 8;
  const auto padded = [missing](const torch::Tensor& x) {
    return missing == 0 ? x : torch::constant_pad_nd(x, {0, missing});
  };
  const std::optional<torch::Tensor> given = mask.defined() ? std::optional(mask) : std::nullopt;
  const torch::Tensor result =
      at::scaled_dot_product_attention(padded(q), padded(k), padded(v), given, 0.0, causal,
                                       1.0 / std::sqrt(static_cast<double>(width)), q.size(1) != k.size(1));
  return missing == 0 ? result : result.narrow(3, 0, width);
}

torch::Tensor attendPlaced(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v, const Placed& placed,
                           AttentionRecord* record) {
  const AttentionScope& scope = placed.scope;
  const std::int64_t queries = q.size(2), keys = k.size(2);
  const bool plain = scope.window == 0 && !scope.keep_BS.defined() && !scope.bias_BHTS.defined();
  if (record == nullptr && plain && (!scope.causal || queries == keys)) return fused(q, k, v, {}, scope.causal);
  const torch::Tensor seen = visible(placed);
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
    result = fused(q, k, v, mask.defined() ? mask.expand({q.size(0), -1, queries, keys}) : mask, false);
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

/// The window's kernel for blocks of queries, each with the keys that one of its queries may see.
torch::Tensor attendBlocks(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v, const Placed& placed,
                           std::int64_t block) {
  const std::int64_t queries = q.size(2), before = k.size(2) - queries;
  const std::int64_t globals = placed.scope.globals, window = placed.scope.window;
  std::vector<torch::Tensor> results;
  for (std::int64_t begin = 0; begin < queries; begin += block) {
    const std::int64_t count = std::min(block, queries - begin), end = before + begin + count;
    const std::int64_t first = std::max<std::int64_t>(0, before + begin - window + 1);
    const std::int64_t front = std::min(globals, first);
    const auto keysOf = [&](const torch::Tensor& x, std::int64_t axis) {
      const torch::Tensor near = x.narrow(axis, first, end - first);
      return front > 0 ? torch::cat({x.narrow(axis, 0, front), near}, axis) : near;
    };
    Placed part = placed;
    part.query_T = placed.query_T.narrow(0, begin, count);
    part.key_S = keysOf(placed.key_S, 0);
    if (part.scope.keep_BS.defined()) part.scope.keep_BS = keysOf(part.scope.keep_BS, 1);
    results.push_back(attendPlaced(q.narrow(2, begin, count), keysOf(k, 2), keysOf(v, 2), part, nullptr));
  }
  return torch::cat(results, 2);
}

}  // namespace

torch::Tensor attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                     const AttentionScope& scope, AttentionRecord* record) {
  const std::int64_t queries = q.size(2), keys = k.size(2);
  TORCH_CHECK(q.size(1) % k.size(1) == 0, q.size(1), " query heads are no multiple of ", k.size(1), " key heads");
  TORCH_CHECK(!scope.causal || queries <= keys, "causal attention of ", queries, " queries over ", keys, " keys");
  TORCH_CHECK(scope.window == 0 || (scope.causal && scope.window > 0), "window ", scope.window, " needs causal");
  const Placed placed = place(scope, queries, keys, q.device());
  // A block of queries reads block + window keys, so that blocks of the window's size do at most twice the least work.
  const std::int64_t block = std::max(kWindowBlock, placed.scope.window);
  const bool inBlocks = placed.scope.window > 0 && queries > block && record == nullptr;
  if (inBlocks && !scope.bias_BHTS.defined()) return attendBlocks(q, k, v, placed, block);
  return attendPlaced(q, k, v, placed, record);
}

MultiHeadAttention::MultiHeadAttention(const Init& init, std::int64_t width, std::int64_t heads,
                                       std::int64_t contextWidth, Kernel kernel)
    : heads_(heads), kernel_(kernel) {
  TORCH_CHECK(width % heads == 0, init.path(), ": width ", width, " is no multiple of ", heads, " heads");
  const std::int64_t from = contextWidth > 0 ? contextWidth : width;
  query = add<Linear>(*this, init, "query", width, width, false);
  key = add<Linear>(*this, init, "key", from, width, false);
  value = add<Linear>(*this, init, "value", from, width, false);
  out = add<Linear>(*this, init, "out", width, width, false);
  if (kernel == Kernel::kPerformer) performer_ = add<PerformerFeatures>(*this, init, "performer", width / heads);
}

torch::Tensor MultiHeadAttention::mix(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                                      const AttentionScope& scope) const {
  if (kernel_ == Kernel::kSoftmax) return attend(q, k, v, scope, record_);
  TORCH_CHECK(scope.window == 0 && !scope.bias_BHTS.defined(), "features have no window and no bias");
  if (performer_) {
    return featureAttention(performer_->queries(q), performer_->keys(k, scope.keep_BS), v, scope.causal, record_);
  }
  return featureAttention(linearFeatures(q), linearFeatures(k, scope.keep_BS), v, scope.causal, record_);
}

torch::Tensor MultiHeadAttention::forward(const torch::Tensor& x, const AttentionScope& scope,
                                          const torch::Tensor& context) const {
  const torch::Tensor& from = context.defined() ? context : x;
  const auto split = [this](const torch::Tensor& y) {
    return y.view({y.size(0), y.size(1), heads_, y.size(2) / heads_}).transpose(1, 2);
  };
  const torch::Tensor heads =
      mix(split(query->forward(x)), split(key->forward(from)), split(value->forward(from)), scope);
  return out->forward(heads.transpose(1, 2).reshape(x.sizes()));
}

TransformerBlock::TransformerBlock(const Init& init, std::int64_t width, std::int64_t heads, double dropout,
                                   Kernel kernel, const Mixtures& mixtures)
    : WithDropout(dropout),
      attention(mixtures.rank > 0
                    ? nullptr
                    : add<MultiHeadAttention>(*this, init, "attention", width, heads, std::int64_t{0}, kernel)),
      linformer_(mixtures.rank > 0
                     ? add<Linformer>(*this, init, "attention", width, heads, mixtures.longest, mixtures.rank)
                     : nullptr),
      attentionNorm_(add<RmsNorm>(*this, init, "attention_norm", width)),
      mlpNorm_(add<RmsNorm>(*this, init, "mlp_norm", width)),
      mlp_(add<SwiGlu>(*this, init, "mlp", width, (width * 8 / 3 + 15) / 16 * 16)) {}

torch::Tensor TransformerBlock::forward(const torch::Tensor& x, const AttentionScope& scope) {
  const auto drop = [this](const torch::Tensor& y) { return layers::dropout(y, dropout_, is_training()); };
  const torch::Tensor normed = attentionNorm_->forward(x);
  const torch::Tensor attended =
      x + drop(attention ? attention->forward(normed, scope) : linformer_->forward(normed, scope));
  return attended + drop(mlp_->forward(mlpNorm_->forward(attended)));
}

}  // namespace ecumene::models::layers
