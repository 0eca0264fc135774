// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

namespace ecumene::models::fusion {

inline constexpr std::int64_t kShareBins = 20;

/// Predictive distribution of a share in [0, 1]: masses at exactly 0 and exactly 1, and a constant density in each of
/// kShareBins equal bins between them. Targets closer than 1e-6 to an end count as that end. B: batch.
struct ShareDistribution {
  torch::Tensor logits;  ///< [B, kShareBins + 2]: mass at 0, the bins upwards, mass at 1
};

/// Negative log-likelihood [B] with respect to the two point masses and the density between; NaN where the target is.
torch::Tensor negativeLogLikelihood(const ShareDistribution& share, const torch::Tensor& target_B);
/// Continuous ranked probability score [B]: the integral over x in [0, 1] of (F(x) - 1[x >= target])^2, in closed form
/// since F is linear in each bin (Gneiting & Raftery 2007, eq. 20). NaN where the target is.
torch::Tensor crps(const ShareDistribution& share, const torch::Tensor& target_B);
/// Expected share [B].
torch::Tensor mean(const ShareDistribution& share);
/// Smallest x with F(x) >= p, [B]; 0 < p < 1.
torch::Tensor quantile(const ShareDistribution& share, double p);

}  // namespace ecumene::models::fusion
