// SPDX-License-Identifier: Apache-2.0
#include "engine/report/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace ecumene::engine::report {

double mean(std::span<const double> values, Weights weights) {
  double sum = 0.0, total = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return total > 0.0 ? sum / total : kMissing;
}

double rootMean(std::span<const double> squares, Weights weights) {
  return std::sqrt(mean(squares, weights));
}

double balancedAccuracy(std::span<const int> labels, std::span<const double> hit, Weights weights) {
  if (labels.empty()) return kMissing;
  const auto classes = static_cast<std::size_t>(*std::max_element(labels.begin(), labels.end())) + 1;
  std::vector<double> right(classes, 0.0), total(classes, 0.0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    right[static_cast<std::size_t>(labels[i])] += weights[i] * hit[i];
    total[static_cast<std::size_t>(labels[i])] += weights[i];
  }
  double sum = 0.0, seen = 0.0;
  for (std::size_t c = 0; c < classes; ++c) {
    if (total[c] <= 0.0) continue;
    sum += right[c] / total[c];
    seen += 1.0;
  }
  return seen > 0.0 ? sum / seen : kMissing;
}

Auroc::Auroc(std::span<const double> scores, std::span<const double> labels) : order_(scores.size()) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  for (std::size_t i = 0; i < order_.size(); ++i) {
    first_.push_back(i == 0 || scores[order_[i]] > scores[order_[i - 1]]);
    positive_.push_back(labels[order_[i]] > 0.5);
  }
}

double Auroc::operator()(Weights weights) const {
  double below = 0.0, wins = 0.0, positives = 0.0;
  double tiedNegatives = 0.0, tiedPositives = 0.0;
  const auto closeGroup = [&] {
    wins += tiedPositives * (below + 0.5 * tiedNegatives);
    below += tiedNegatives;
    positives += tiedPositives;
    tiedNegatives = tiedPositives = 0.0;
  };
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (first_[i]) closeGroup();
    (positive_[i] ? tiedPositives : tiedNegatives) += weights[order_[i]];
  }
  closeGroup();
  return positives > 0.0 && below > 0.0 ? wins / (positives * below) : kMissing;
}

std::vector<ReliabilityBin> reliability(std::span<const double> stated, std::span<const double> happened,
                                        Weights weights) {
  constexpr double kBins = static_cast<double>(kReliabilityBins);
  std::array<double, kReliabilityBins> weight{}, statedSum{}, happenedSum{};
  for (std::size_t i = 0; i < stated.size(); ++i) {
    const std::size_t b = std::min(static_cast<std::size_t>(stated[i] * kBins), kReliabilityBins - 1);
    weight.at(b) += weights[i];
    statedSum.at(b) += weights[i] * stated[i];
    happenedSum.at(b) += weights[i] * happened[i];
  }
  std::vector<ReliabilityBin> bins;
  for (std::size_t b = 0; b < kReliabilityBins; ++b) {
    ReliabilityBin bin{static_cast<double>(b) / kBins, static_cast<double>(b + 1) / kBins};
    bin.weight = weight.at(b);
    if (bin.weight > 0.0) {
      bin.stated = statedSum.at(b) / bin.weight;
      bin.happened = happenedSum.at(b) / bin.weight;
    }
    bins.push_back(bin);
  }
  return bins;
}

double calibrationError(std::span<const double> stated, std::span<const double> happened, Weights weights) {
  double sum = 0.0, total = 0.0;
  for (const ReliabilityBin& bin : reliability(stated, happened, weights)) {
    if (bin.weight <= 0.0) continue;
    sum += bin.weight * std::abs(bin.stated - bin.happened);
    total += bin.weight;
  }
  return total > 0.0 ? sum / total : kMissing;
}

double perplexity(std::span<const double> nll, std::span<const double> tokens, Weights weights) {
  double sum = 0.0, count = 0.0;
  for (std::size_t i = 0; i < nll.size(); ++i) {
    sum += weights[i] * nll[i];
    count += weights[i] * tokens[i];
  }
  return count > 0.0 ? std::exp(sum / count) : kMissing;
}

}  // namespace ecumene::engine::report
