// SPDX-License-Identifier: Apache-2.0
#include "models/unified/contrast.h"

#include <algorithm>
#include <string>
#include <vector>

#include "models/layers/precision.h"

namespace ecumene::models::unified {
namespace {

/// Where the scores of what is no negative go: far below all others, finite so that a row of nothing else stays free
/// of NaN.
constexpr double kNotSeen = -1e9;

/// Mean over samples with both views of -log softmax(similarity)[self]. a, b [B, D] normalised; bank [N, D].
torch::Tensor oneWay(const torch::Tensor& a, const torch::Tensor& b, const torch::Tensor& bank,
                     const torch::Tensor& hiddenBatch, const torch::Tensor& hiddenBank, const torch::Tensor& both,
                     double temperature) {
  // Scores of what is not seen lie beyond what a half can hold.
  const c10::impl::ExcludeDispatchKeyGuard noAutocast(c10::autocast_dispatch_keyset);
  const torch::Tensor batchScores = torch::matmul(a, b.t()).div(temperature).masked_fill(hiddenBatch, kNotSeen);
  const torch::Tensor bankScores = torch::matmul(a, bank.t()).div(temperature).masked_fill(hiddenBank, kNotSeen);
  const torch::Tensor log = torch::log_softmax(torch::cat({batchScores, bankScores}, 1), 1);
  const torch::Tensor own = log.diagonal();
  return -torch::where(both, own, torch::zeros_like(own)).sum() / both.sum().clamp_min(1);
}

}  // namespace

Contrast::Contrast(const layers::Init& init, const std::array<std::int64_t, fusion::kViewCount>& widths) {
  for (std::size_t view = 0; view < fusion::kViewCount; ++view) {
    if (widths[view] == 0) continue;
    const std::string called(fusion::name(static_cast<fusion::View>(view)));
    projections_[view] = layers::add<layers::Linear>(*this, init, called, widths[view], kWidth);
  }
  bank_VND_ = register_buffer("bank", layers::atLeastFloat32(init.constant({fusion::kViewCount, kBank, kWidth}, 0.0)));
  bankKeep_VN_ = register_buffer("bank_keep", init.constant({fusion::kViewCount, kBank}, 0.0).to(torch::kBool));
  bankPlanet_N_ = register_buffer("bank_planet", init.constant({kBank}, 0.0).to(torch::kLong));
  next_ = register_buffer("bank_next", init.constant({1}, 0.0).to(torch::kLong));
}

torch::Tensor Contrast::loss(const Features& features, const Features& keep, const torch::Tensor& planet,
                             double temperature, Seen* seen) const {
  std::array<torch::Tensor, fusion::kViewCount> embedded;
  std::vector<std::size_t> views;
  for (std::size_t view = 0; view < fusion::kViewCount; ++view) {
    if (!features[view].defined()) continue;
    namespace F = torch::nn::functional;
    const torch::Tensor read = features[view].masked_fill(keep[view].unsqueeze(-1).logical_not(), 0.0);
    embedded[view] = F::normalize(layers::atLeastFloat32(projections_[view]->forward(read)),
                                  F::NormalizeFuncOptions().dim(-1).eps(1e-6));
    views.push_back(view);
  }
  const torch::Tensor samePlanet = planet.unsqueeze(1) == planet.unsqueeze(0);
  const torch::Tensor self = torch::eye(planet.size(0), torch::TensorOptions(planet.device()).dtype(torch::kBool));
  const torch::Tensor notNegative = samePlanet & self.logical_not();
  const torch::Tensor inBank = planet.unsqueeze(1) == bankPlanet_N_.unsqueeze(0);
  torch::Tensor sum = torch::zeros({}, bank_VND_.options());
  torch::Tensor pairs = torch::zeros_like(sum);
  for (const std::size_t a : views) {
    for (const std::size_t b : views) {
      if (a == b) continue;
      const auto at = static_cast<std::int64_t>(b);
      const torch::Tensor both = keep[a] & keep[b];
      const torch::Tensor hiddenBatch = notNegative | keep[b].unsqueeze(0).logical_not();
      const torch::Tensor hiddenBank = inBank | bankKeep_VN_[at].unsqueeze(0).logical_not();
      // The bank may take in more before the backward pass: a copy keeps what this loss has seen.
      sum = sum + oneWay(embedded[a], embedded[b], bank_VND_[at].clone(), hiddenBatch, hiddenBank, both, temperature);
      pairs = pairs + both.any().to(pairs.scalar_type());
    }
  }
  if (seen != nullptr) {
    *seen = {{}, {}, planet};
    for (const std::size_t view : views) {
      seen->embedded[view] = embedded[view].detach();
      seen->keep[view] = keep[view];
    }
  }
  return sum / pairs.clamp_min(1.0);
}

void Contrast::remember(const Seen& seen) {
  const torch::NoGradGuard noGradients;
  const torch::Tensor& planet = seen.planet_B;
  const std::int64_t batch = std::min(planet.size(0), kBank);
  const auto last = [&](const torch::Tensor& x) { return x.slice(0, x.size(0) - batch); };
  const torch::Tensor slots = (torch::arange(batch, planet.options()) + next_).remainder(kBank);
  bankPlanet_N_.index_copy_(0, slots, last(planet));
  // Views that are not used now are cleared too: their slots hold embeddings of other planets.
  bankKeep_VN_.index_fill_(1, slots, 0);
  for (std::size_t view = 0; view < fusion::kViewCount; ++view) {
    if (!seen.embedded[view].defined()) continue;
    const auto at = static_cast<std::int64_t>(view);
    bank_VND_[at].index_copy_(0, slots, last(seen.embedded[view]));
    bankKeep_VN_[at].index_copy_(0, slots, last(seen.keep[view]));
  }
  next_.copy_((next_ + batch).remainder(kBank));
}

}  // namespace ecumene::models::unified
