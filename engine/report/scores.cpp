// SPDX-License-Identifier: Apache-2.0
#include "engine/report/scores.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>

#include "data/base/error.h"
#include "engine/report/metric_table.h"

namespace ecumene::engine::report {
namespace {

const MetricEntry& find(std::string_view target, std::string_view name) {
  for (const MetricEntry& entry : metricEntries()) {
    if (entry.info.target == target && entry.info.name == name) return entry;
  }
  throw internalError("there is no metric '" + std::string(name) + "' of '" + std::string(target) + "'");
}

std::vector<std::string> clusters(const Rows& rows) {
  std::vector<std::string> names;
  for (const Prediction* row : rows) names.push_back(cluster(*row));
  return names;
}

Rows having(const MetricEntry& entry, const Rows& rows) {
  Rows result;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(result),
               [&](const Prediction* row) { return entry.has(*row); });
  return result;
}

Score named(const MetricEntry& entry) {
  return {std::string(entry.info.target), std::string(entry.info.name), {}};
}

}  // namespace

const std::string& cluster(const Prediction& row) {
  return row.system.empty() ? row.planet : row.system;
}

std::vector<MetricInfo> metrics() {
  std::vector<MetricInfo> result;
  for (const MetricEntry& entry : metricEntries()) result.push_back(entry.info);
  return result;
}

std::vector<Score> scores(const Rows& rows) {
  std::vector<Score> result;
  std::map<Rows, std::vector<std::size_t>> byRows;  // metrics of the same rows share their draws of planets
  std::vector<const MetricEntry*> used;
  for (const MetricEntry& entry : metricEntries()) {
    Rows same = having(entry, rows);
    if (same.empty()) continue;
    byRows[std::move(same)].push_back(result.size());
    result.push_back(named(entry));
    used.push_back(&entry);
  }
  for (const auto& [same, which] : byRows) {
    std::vector<Metric> made;
    for (const std::size_t i : which) made.push_back(used[i]->make(same));
    std::vector<Estimate> estimated = estimates(clusters(same), made);
    for (std::size_t i = 0; i < which.size(); ++i) result[which[i]].estimate = std::move(estimated[i]);
  }
  return result;
}

Score score(const Rows& rows, std::string_view target, std::string_view name) {
  const MetricEntry& entry = find(target, name);
  const Rows same = having(entry, rows);
  Score result = named(entry);
  if (!same.empty()) result.estimate = std::move(estimates(clusters(same), std::array{entry.make(same)}).front());
  return result;
}

double plainScore(const Rows& rows, std::string_view target, std::string_view name) {
  const MetricEntry& entry = find(target, name);
  const Rows same = having(entry, rows);
  return same.empty() ? kMissing : entry.make(same)(std::vector<double>(same.size(), 1.0));
}

Score difference(const Rows& ours, const Rows& theirs, std::string_view target, std::string_view name) {
  const MetricEntry& entry = find(target, name);
  std::map<std::string_view, const Prediction*> bySample;
  for (const Prediction* row : theirs) {
    if (!bySample.emplace(row->sample, row).second) throw Error("a sample was predicted twice").on(row->sample);
  }
  Rows a, b;
  for (const Prediction* row : ours) {
    const auto other = bySample.find(row->sample);
    if (other == bySample.end() || !entry.has(*row) || !entry.has(*other->second)) continue;
    a.push_back(row);
    b.push_back(other->second);
  }
  Score result = named(entry);
  if (a.empty()) return result;
  const Metric both = [first = entry.make(a), second = entry.make(b)](Weights weights) {
    return first(weights) - second(weights);
  };
  result.estimate = std::move(estimates(clusters(a), std::array{both}).front());
  return result;
}

Rows select(std::span<const Prediction> predictions, std::string_view split, std::string_view subset) {
  Rows rows;
  for (const Prediction& row : predictions) {
    if (!row.real && row.split == split && row.subset == subset) rows.push_back(&row);
  }
  return rows;
}

Rows ofArchetype(const Rows& rows, int archetype) {
  Rows result;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(result),
               [&](const Prediction* row) { return row->archetype == archetype; });
  return result;
}

std::vector<std::vector<std::size_t>> regimeConfusion(const Rows& rows) {
  constexpr std::size_t kCount = data::planet::kRegimeCount;
  std::vector<std::vector<std::size_t>> counts(kCount, std::vector<std::size_t>(kCount, 0));
  for (const Prediction* row : rows) {
    if (row->truth.regime >= 0) ++counts.at(static_cast<std::size_t>(row->truth.regime)).at(mostProbable(*row));
  }
  return counts;
}

std::vector<ReliabilityBin> reliabilityOf(const Rows& rows, std::string_view target) {
  std::vector<double> stated, happened;
  for (const Prediction* row : rows) {
    if (target == "regime" && row->truth.regime >= 0) {
      stated.push_back(row->regime.at(mostProbable(*row)));
      happened.push_back(regimeHit(*row));
    } else if (target == "habitable" && known(row->truth.habitable)) {
      stated.push_back(row->habitable);
      happened.push_back(row->truth.habitable);
    } else if (target == "viable" && known(row->truth.viable)) {
      stated.push_back(row->viable);
      happened.push_back(row->truth.viable);
    } else if (target != "regime" && target != "habitable" && target != "viable") {
      throw internalError("there is no reliability of '" + std::string(target) + "'");
    }
  }
  return reliability(stated, happened, std::vector<double>(stated.size(), 1.0));
}

}  // namespace ecumene::engine::report
