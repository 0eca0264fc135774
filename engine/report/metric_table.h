// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <functional>
#include <vector>

#include "engine/report/scores.h"

/// The metrics themselves: what each needs of a row and how it is made of rows.
namespace ecumene::engine::report {

using Metric = std::function<double(Weights)>;

/// One metric: what it needs of a row, and how it is made of rows that have it.
struct MetricEntry {
  MetricInfo info;
  std::function<bool(const Prediction&)> has;
  std::function<Metric(const Rows&)> make;
};

/// In the order of reports.
const std::vector<MetricEntry>& metricEntries();

inline bool known(double value) {
  return !std::isnan(value);
}
/// The regime with the highest probability.
std::size_t mostProbable(const Prediction& row);
/// 1 if that is the label, else 0.
double regimeHit(const Prediction& row);

}  // namespace ecumene::engine::report
