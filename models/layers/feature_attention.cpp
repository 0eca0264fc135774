// SPDX-License-Identifier: Apache-2.0
#include "models/layers/feature_attention.h"

#include <cmath>
#include <limits>

#include "models/layers/precision.h"

namespace ecumene::models::layers {
namespace {

constexpr std::int64_t kFeaturesPerChannel = 4;
/// Positions whose weights are written out at once; earlier ones come in through the running sum.
constexpr std::int64_t kBlock = 128;

/// Rows orthogonal in blocks of `width`, uniform on the sphere, with the lengths of normal vectors.
torch::Tensor orthogonalRows(const Init& init, std::int64_t rows, std::int64_t width) {
  const torch::Tensor lengths = init.normal("lengths", {rows, width}, 1.0);
  const torch::Tensor normal = init.normal("directions", {rows, width}, 1.0);
  if (normal.is_meta()) return normal;
  std::vector<torch::Tensor> blocks;
  for (std::int64_t first = 0; first < rows; first += width) {
    const auto [q, r] = at::linalg_qr(normal.narrow(0, first, width).to(torch::kCPU, torch::kFloat64));
    blocks.push_back((q * torch::sign(torch::diagonal(r))).transpose(0, 1));
  }
  return torch::cat(blocks).to(normal.options()) * lengths.norm(2, {1}, true);
}

}  // namespace

torch::Tensor featureAttention(const torch::Tensor& q_BHTM, const torch::Tensor& k_BKSM, const torch::Tensor& v_BKSD,
                               bool causal, AttentionRecord* record) {
  const c10::impl::ExcludeDispatchKeyGuard noAutocast(c10::autocast_dispatch_keyset);
  const std::int64_t queries = q_BHTM.size(2), keys = k_BKSM.size(2), width = v_BKSD.size(3);
  TORCH_CHECK(q_BHTM.size(1) % k_BKSM.size(1) == 0, "query heads are no multiple of key heads");
  TORCH_CHECK(!causal || queries <= keys, "causal attention of ", queries, " queries over ", keys, " keys");
  const std::int64_t repeat = q_BHTM.size(1) / k_BKSM.size(1);
  const torch::Tensor q = atLeastFloat32(q_BHTM), k = atLeastFloat32(k_BKSM).repeat_interleave(repeat, 1);
  // The column of ones gathers the denominator.
  torch::Tensor v = atLeastFloat32(v_BKSD).repeat_interleave(repeat, 1);
  v = torch::cat({v, torch::ones({v.size(0), v.size(1), keys, 1}, v.options())}, 3);
  torch::Tensor sums;
  if (record != nullptr) {
    torch::Tensor weights = torch::matmul(q, k.transpose(2, 3));
    if (causal) weights = weights.tril(keys - queries);
    const torch::Tensor total = weights.sum(3, true);
    record->weights_BHTS = (weights / total.masked_fill(total == 0.0, 1.0)).detach().to(torch::kFloat32);
    sums = torch::matmul(weights, v);
  } else if (!causal) {
    sums = torch::matmul(q, torch::matmul(k.transpose(2, 3), v));
  } else {
    const std::int64_t before = keys - queries;
    torch::Tensor state = torch::matmul(k.narrow(2, 0, before).transpose(2, 3), v.narrow(2, 0, before));
    // Split, not narrowed: each narrowed part's gradient would be as long as the whole.
    const auto qs = q.split(kBlock, 2), ks = k.narrow(2, before, queries).split(kBlock, 2),
               vs = v.narrow(2, before, queries).split(kBlock, 2);
    std::vector<torch::Tensor> blocks;
    for (std::size_t i = 0; i < qs.size(); ++i) {
      const torch::Tensor keysT = ks[i].transpose(2, 3);
      blocks.push_back(torch::matmul(torch::matmul(qs[i], keysT).tril(), vs[i]) + torch::matmul(qs[i], state));
      state = state + torch::matmul(keysT, vs[i]);
    }
    sums = torch::cat(blocks, 2);
  }
  const torch::Tensor total = sums.narrow(3, width, 1);
  return (sums.narrow(3, 0, width) / total.masked_fill(total == 0.0, 1.0)).to(v_BKSD.scalar_type());
}

torch::Tensor linearFeatures(const torch::Tensor& x, const torch::Tensor& keep) {
  const torch::Tensor features = torch::elu(x) + 1.0;
  return keep.defined() ? features * keep.unsqueeze(1).unsqueeze(3).to(features.scalar_type()) : features;
}

PerformerFeatures::PerformerFeatures(const Init& init, std::int64_t headWidth) {
  directions_MD_ = register_buffer("directions", orthogonalRows(init, kFeaturesPerChannel * headWidth, headWidth));
}

torch::Tensor PerformerFeatures::exponents(const torch::Tensor& x) const {
  const c10::impl::ExcludeDispatchKeyGuard noAutocast(c10::autocast_dispatch_keyset);
  const torch::Tensor scaled = atLeastFloat32(x) / std::pow(static_cast<double>(x.size(3)), 0.25);
  return torch::matmul(scaled, directions_MD_.to(scaled.scalar_type()).transpose(0, 1)) -
         scaled.square().sum(3, true) / 2.0 - 0.5 * std::log(static_cast<double>(directions_MD_.size(0)));
}

torch::Tensor PerformerFeatures::queries(const torch::Tensor& q) const {
  const torch::Tensor exponent = exponents(q);
  return torch::exp(exponent - exponent.detach().amax({3}, true));
}

torch::Tensor PerformerFeatures::keys(const torch::Tensor& k, const torch::Tensor& keep) const {
  torch::Tensor exponent = exponents(k);
  // Not -infinity: a head without any key would be infinity minus infinity.
  const double unseen = -std::numeric_limits<float>::max() / 4.0;
  torch::Tensor kept;
  if (keep.defined()) {
    kept = keep.unsqueeze(1).unsqueeze(3);
    exponent = exponent.masked_fill(kept.logical_not(), unseen);
  }
  const torch::Tensor features = torch::exp(exponent - exponent.detach().amax({2, 3}, true));
  return kept.defined() ? features * kept.to(features.scalar_type()) : features;
}

}  // namespace ecumene::models::layers
