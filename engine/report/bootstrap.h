// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/report/metrics.h"

namespace ecumene::engine::report {

inline constexpr std::size_t kReplicates = 1000;
inline constexpr std::uint64_t kBootstrapSeed = 20;

/// A metric with its 95 % interval.
struct Estimate {
  double value = kMissing;                 ///< of the rows as they are
  double low = kMissing, high = kMissing;  ///< 2.5 % and 97.5 % quantiles of the replicates
  std::size_t rows = 0, planets = 0;
  /// Of each draw of planets, NaN where the metric is not defined. Draws depend on the names of the planets alone, so
  /// replicates of metrics over the same planets belong together pairwise, whoever made the predictions.
  std::vector<double> replicates;
};

/// Weights of the rows in each of `replicates` draws with replacement of planets: all rows of a planet are in together,
/// as often as it was drawn (cluster bootstrap; Davison & Hinkley 1997, sec. 3.8). `clusters`: the planet of each row.
/// Calls `use` with the weights, one draw after another.
void drawPlanets(std::span<const std::string> clusters, std::size_t replicates, std::uint64_t seed,
                 const std::function<void(Weights)>& use);

/// Metrics and their percentile intervals over the same draws. Without an interval (NaN) where fewer than two planets
/// are there, or more than a tenth of the draws leave the metric undefined.
std::vector<Estimate> estimates(std::span<const std::string> clusters,
                                std::span<const std::function<double(Weights)>> metrics,
                                std::size_t replicates = kReplicates, std::uint64_t seed = kBootstrapSeed);

/// Quantile of the numbers, linear between order statistics (Hyndman & Fan 1996, type 7); NaN of none.
double quantile(std::vector<double> numbers, double p);

}  // namespace ecumene::engine::report
