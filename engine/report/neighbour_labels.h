// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace ecumene::engine::report {

/// A predictive distribution around a point prediction of a share: the labels of the k train planets whose own
/// (left-out) point prediction is nearest. It keeps the masses at 0 and 1 and the local spread.
class NeighbourLabels {
 public:
  /// One of each for every train planet; at least one.
  NeighbourLabels(std::span<const double> predicted, std::span<const double> labels);
  /// Mass at 0, kBins equal bins, mass at 1, each of them with half a label spread over all.
  [[nodiscard]] std::vector<double> probability(double predicted, std::size_t k) const;
  /// The k of 15, 30, 60, 120 with the least mean CRPS on these.
  [[nodiscard]] std::size_t bestCount(std::span<const double> predicted, std::span<const double> labels) const;

  static constexpr std::size_t kBins = 100;

 private:
  std::vector<std::pair<double, double>> sorted_;  ///< predicted, label
};

}  // namespace ecumene::engine::report
