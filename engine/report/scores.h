// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/report/bootstrap.h"
#include "engine/report/prediction.h"

/// Predictions to metrics with counts and intervals: one table of metrics, used for scores and for comparisons.
namespace ecumene::engine::report {

using Rows = std::vector<const Prediction*>;

enum class Better { kHigher, kLower, kNominal };
struct MetricInfo {
  std::string_view target;  ///< regime, habitable, viable, f_hab, h050, text
  std::string_view name;    ///< "log-loss"
  Better better;            ///< kNominal: at its nominal value, 0.9 for coverages
  std::string_view meaning;
};
/// In the order of reports. Logarithms take probabilities as at least 1e-7.
std::vector<MetricInfo> metrics();

struct Score {
  std::string target, name;
  Estimate estimate;
};

/// Every metric that some of the rows have what it needs for; rows without a label take no part.
std::vector<Score> scores(const Rows& rows);
/// One of them; its estimate has no rows if none has what it needs. Throws Error if there is no such metric.
Score score(const Rows& rows, std::string_view target, std::string_view name);

/// Its value alone, without draws: quick. NaN if no row has what it needs. Throws Error if there is no such metric.
double plainScore(const Rows& rows, std::string_view target, std::string_view name);

/// Metric of `ours` minus metric of `theirs` on the samples that both have, with the interval of the difference over
/// draws of planets (paired). Throws Error if there is no such metric or a sample comes twice.
Score difference(const Rows& ours, const Rows& theirs, std::string_view target, std::string_view name);

/// Rows of one split and subset that are scored: real planets are not.
Rows select(std::span<const Prediction> predictions, std::string_view split, std::string_view subset);
Rows ofArchetype(const Rows& rows, int archetype);

/// Rows of counts: label, then prediction (the most probable one); only rows with a label.
std::vector<std::vector<std::size_t>> regimeConfusion(const Rows& rows);
/// Reliability bins of "regime" (most probable one), "habitable" or "viable". Throws Error for another name.
std::vector<ReliabilityBin> reliabilityOf(const Rows& rows, std::string_view target);

/// What the bootstrap draws: the system, or the planet where no system is known.
const std::string& cluster(const Prediction& row);

}  // namespace ecumene::engine::report
