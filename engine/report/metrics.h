// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/report/prediction.h"

/// Metrics of weighted rows. A weight is how often a row counts (bootstrap draws are whole numbers); spans of one call
/// have one length. NaN where a metric is not defined: no weight, or one class only for AUROC.
namespace ecumene::engine::report {

using Weights = std::span<const double>;

/// Weighted mean.
double mean(std::span<const double> values, Weights weights);
double rootMean(std::span<const double> squares, Weights weights);

/// Mean over the classes that occur of the share of their rows that is hit; labels are 0, 1, ...
double balancedAccuracy(std::span<const int> labels, std::span<const double> hit, Weights weights);

/// Area under the receiver operating characteristic, ties counted half (Mann-Whitney; Fawcett 2006, Pattern Recognition
/// Letters 27, 861). Labels are 0 or 1. Sorts once, so that many weights are quick.
class Auroc {
 public:
  Auroc(std::span<const double> scores, std::span<const double> labels);
  [[nodiscard]] double operator()(Weights weights) const;

 private:
  std::vector<std::size_t> order_;  ///< rows by score, upwards
  std::vector<bool> first_;         ///< of a group of equal scores, along order_
  std::vector<bool> positive_;      ///< along order_
};

inline constexpr std::size_t kReliabilityBins = 10;
struct ReliabilityBin {
  double low, high;            ///< of the stated probability; the last bin holds its upper edge too
  double stated = kMissing;    ///< mean stated probability, NaN in an empty bin
  double happened = kMissing;  ///< share that was so
  double weight = 0.0;
};
/// Rows by stated probability in kReliabilityBins equal bins; `happened` is 0 or 1. For two classes the probability of
/// the positive one, for many that of the most probable one and whether it was right (Guo et al. 2017, arXiv
/// 1706.04599, sec. 2).
std::vector<ReliabilityBin> reliability(std::span<const double> stated, std::span<const double> happened,
                                        Weights weights);
/// Expected calibration error: mean over rows of |stated - happened| of their bins (Guo et al. 2017, eq. 3).
double calibrationError(std::span<const double> stated, std::span<const double> happened, Weights weights);

/// exp(summed negative log-likelihood / tokens).
double perplexity(std::span<const double> nll, std::span<const double> tokens, Weights weights);

}  // namespace ecumene::engine::report
