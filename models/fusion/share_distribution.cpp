// SPDX-License-Identifier: Apache-2.0
#include "models/fusion/share_distribution.h"

#include <cmath>

namespace ecumene::models::fusion {
namespace {

using torch::indexing::Slice;

constexpr double kWidth = 1.0 / static_cast<double>(kShareBins);
constexpr double kEnd = 1e-6;

/// F at the lower edge of each bin and at the upper edge of the last (below the mass at 1): [B, bins + 1].
torch::Tensor distributionAtEdges(const torch::Tensor& probability) {
  return probability.index({Slice(), Slice(0, kShareBins + 1)}).cumsum(-1);
}

torch::Tensor edges(const torch::TensorOptions& options) {
  return torch::arange(kShareBins + 1, options) * kWidth;
}

/// Integral over a length of the square of a function that goes linearly from a to b.
torch::Tensor squareIntegral(const torch::Tensor& length, const torch::Tensor& a, const torch::Tensor& b) {
  return length * (a * a + a * b + b * b) / 3.0;
}

}  // namespace

torch::Tensor negativeLogLikelihood(const ShareDistribution& share, const torch::Tensor& target) {
  const torch::Tensor log = torch::log_softmax(share.logits, -1);
  const torch::Tensor known = torch::nan_to_num(target, 0.5);
  torch::Tensor index = (known * kShareBins).floor().clamp(0, static_cast<double>(kShareBins - 1)).to(torch::kLong) + 1;
  const torch::Tensor atZero = known<kEnd, atOne = known> 1.0 - kEnd;
  index = index.masked_fill(atZero, 0).masked_fill(atOne, kShareBins + 1);
  const torch::Tensor chosen = log.gather(-1, index.unsqueeze(-1)).squeeze(-1);
  const torch::Tensor inside = atZero.logical_or(atOne).logical_not();
  const torch::Tensor density = chosen + inside.to(chosen.scalar_type()) * std::log(static_cast<double>(kShareBins));
  return -density.masked_fill(target.isnan(), std::nan(""));
}

torch::Tensor crps(const ShareDistribution& share, const torch::Tensor& target) {
  const torch::Tensor probability = torch::softmax(share.logits, -1);
  const torch::Tensor cumulative = distributionAtEdges(probability);
  const torch::Tensor low = cumulative.index({Slice(), Slice(0, kShareBins)});
  const torch::Tensor high = cumulative.index({Slice(), Slice(1, kShareBins + 1)});
  const torch::Tensor start = edges(share.logits.options()).index({Slice(0, kShareBins)});
  const torch::Tensor below = (target.unsqueeze(-1) - start).clamp(0.0, kWidth);
  const torch::Tensor atTarget = low + (high - low) * (below / kWidth);
  const torch::Tensor parts =
      squareIntegral(below, low, atTarget) + squareIntegral(kWidth - below, atTarget - 1.0, high - 1.0);
  return parts.sum(-1);
}

torch::Tensor mean(const ShareDistribution& share) {
  const torch::Tensor probability = torch::softmax(share.logits, -1);
  const torch::Tensor centres = edges(share.logits.options()).index({Slice(0, kShareBins)}) + kWidth / 2.0;
  return (probability.index({Slice(), Slice(1, kShareBins + 1)}) * centres).sum(-1) +
         probability.index({Slice(), kShareBins + 1});
}

torch::Tensor quantile(const ShareDistribution& share, double p) {
  const torch::Tensor probability = torch::softmax(share.logits, -1);
  const torch::Tensor cumulative = distributionAtEdges(probability);
  const torch::Tensor low = cumulative.index({Slice(), Slice(0, kShareBins)});
  const torch::Tensor high = cumulative.index({Slice(), Slice(1, kShareBins + 1)});
  // Each bin adds the length of its part with F < p.
  const torch::Tensor reached = ((p - low) / (high - low).clamp_min(1e-12)).clamp(0.0, 1.0);
  return (reached * kWidth).sum(-1);
}

}  // namespace ecumene::models::fusion
