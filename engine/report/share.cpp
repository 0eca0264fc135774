// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <utility>

#include "data/base/error.h"
#include "engine/report/prediction.h"

namespace ecumene::engine::report {
namespace {

/// Sum of (F - step)^2 over a piece of length `width` on which F - step goes straight from `from` to `to`.
double squareOver(double from, double to, double width) {
  return width * (from * from + from * to + to * to) / 3.0;
}

class Share {
 public:
  explicit Share(const std::vector<double>& probability)
      : atZero_(probability.front()),
        atOne_(probability.back()),
        bins_(probability.begin() + 1, probability.end() - 1),
        width_(1.0 / static_cast<double>(bins_.size())) {}

  [[nodiscard]] double mean() const {
    double sum = atOne_;
    for (std::size_t b = 0; b < bins_.size(); ++b) sum += bins_[b] * (static_cast<double>(b) + 0.5) * width_;
    return sum;
  }

  [[nodiscard]] double quantile(double p) const {
    double below = atZero_;
    if (below >= p) return 0.0;
    for (std::size_t b = 0; b < bins_.size(); ++b) {
      if (below + bins_[b] >= p) return (static_cast<double>(b) + (p - below) / bins_[b]) * width_;
      below += bins_[b];
    }
    return 1.0;
  }

  [[nodiscard]] double crps(double truth) const {
    double sum = 0.0, below = atZero_;
    for (std::size_t b = 0; b < bins_.size(); ++b) {
      const double left = static_cast<double>(b) * width_, right = left + width_, above = below + bins_[b];
      if (truth >= right) {
        sum += squareOver(below, above, width_);
      } else if (truth <= left) {
        sum += squareOver(below - 1.0, above - 1.0, width_);
      } else {
        const double at = below + bins_[b] * (truth - left) / width_;
        sum += squareOver(below, at, truth - left) + squareOver(at - 1.0, above - 1.0, right - truth);
      }
      below = above;
    }
    return sum;
  }

  [[nodiscard]] double nll(double truth) const {
    if (truth <= kAtEnd) return -std::log(std::max(atZero_, kLeastProbability));
    if (truth >= 1.0 - kAtEnd) return -std::log(std::max(atOne_, kLeastProbability));
    return -std::log(std::max(bins_[bin(truth)], kLeastProbability) / width_);
  }

  /// F just left of the truth and at it.
  [[nodiscard]] std::pair<double, double> distribution(double truth) const {
    if (truth <= kAtEnd) return {0.0, atZero_};
    if (truth >= 1.0 - kAtEnd) return {1.0 - atOne_, 1.0};
    const std::size_t b = bin(truth);
    double below = atZero_;
    for (std::size_t i = 0; i < b; ++i) below += bins_[i];
    const double at = below + bins_[b] * (truth / width_ - static_cast<double>(b));
    return {at, at};
  }

 private:
  [[nodiscard]] std::size_t bin(double truth) const {
    return std::min(static_cast<std::size_t>(truth / width_), bins_.size() - 1);
  }

  double atZero_, atOne_;
  std::vector<double> bins_;
  double width_;
};

std::vector<double> normalised(std::vector<double> probability) {
  if (probability.size() < 3) {
    throw Error("a distribution of a share has too few parts")
        .expected("mass at 0, bins, mass at 1")
        .found(std::to_string(probability.size()));
  }
  double sum = 0.0;
  for (const double p : probability) {
    if (!(p >= 0.0)) throw Error("a probability is negative or not a number").found(std::to_string(p));
    sum += p;
  }
  if (!(std::abs(sum - 1.0) <= 1e-3))
    throw Error("probabilities do not add up").expected("1").found(std::to_string(sum));
  for (double& p : probability) p /= sum;
  return probability;
}

}  // namespace

SharePrediction sharePrediction(std::vector<double> probability, double truth) {
  SharePrediction result;
  result.probability = normalised(std::move(probability));
  const Share share(result.probability);
  result.mean = share.mean();
  result.low = share.quantile(0.05);
  result.high = share.quantile(0.95);
  if (!std::isnan(truth)) {
    result.crps = share.crps(truth);
    result.nll = share.nll(truth);
  }
  return result;
}

double pitShare(const std::vector<double>& probability, double truth, double low, double high) {
  const auto [left, right] = Share(normalised(probability)).distribution(truth);
  if (right <= left) return left >= low && left <= high ? 1.0 : 0.0;
  return std::max(0.0, std::min(right, high) - std::max(left, low)) / (right - left);
}

}  // namespace ecumene::engine::report
