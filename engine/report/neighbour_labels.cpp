// SPDX-License-Identifier: Apache-2.0
#include "engine/report/neighbour_labels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/report/prediction.h"

namespace ecumene::engine::report {
namespace {

constexpr double kSpread = 0.5;  ///< labels

}  // namespace

NeighbourLabels::NeighbourLabels(std::span<const double> predicted, std::span<const double> labels) {
  for (std::size_t i = 0; i < labels.size(); ++i) sorted_.emplace_back(predicted[i], labels[i]);
  std::sort(sorted_.begin(), sorted_.end());
}

std::vector<double> NeighbourLabels::probability(double predicted, std::size_t k) const {
  const std::size_t count = std::min(k, sorted_.size());
  // The nearest `count` lie in one run of the sorted predictions, which grows from where the prediction falls.
  auto begin = std::lower_bound(sorted_.begin(), sorted_.end(), std::pair(predicted, 0.0));
  auto end = begin;
  while (static_cast<std::size_t>(end - begin) < count) {
    const bool left = begin != sorted_.begin(), right = end != sorted_.end();
    if (left && (!right || predicted - (begin - 1)->first <= end->first - predicted)) {
      --begin;
    } else {
      ++end;
    }
  }
  constexpr double kParts = static_cast<double>(kBins + 2);
  std::vector<double> probability(kBins + 2, kSpread / kParts);
  for (auto neighbour = begin; neighbour != end; ++neighbour) {
    const double label = neighbour->second;
    std::size_t at = 1 + std::min(static_cast<std::size_t>(label * static_cast<double>(kBins)), kBins - 1);
    if (label <= kAtEnd) at = 0;
    if (label >= 1.0 - kAtEnd) at = kBins + 1;
    probability[at] += 1.0;
  }
  for (double& p : probability) p /= static_cast<double>(count) + kSpread;
  return probability;
}

std::size_t NeighbourLabels::bestCount(std::span<const double> predicted, std::span<const double> labels) const {
  std::size_t best = 15;
  double least = std::numeric_limits<double>::infinity();
  for (const std::size_t k : {15U, 30U, 60U, 120U}) {
    double sum = 0.0;
    for (std::size_t i = 0; i < labels.size(); ++i)
      sum += sharePrediction(probability(predicted[i], k), labels[i]).crps;
    if (sum < least) {
      least = sum;
      best = k;
    }
  }
  return best;
}

}  // namespace ecumene::engine::report
