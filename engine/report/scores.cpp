// SPDX-License-Identifier: Apache-2.0
#include "engine/report/scores.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>

#include "data/base/error.h"

namespace ecumene::engine::report {
namespace {

using Metric = std::function<double(Weights)>;
using Number = std::function<double(const Prediction&)>;

constexpr double kLeastProbability = 1e-7;
constexpr double kLevel = 0.9;  ///< of the intervals

double logLoss(double probability) {
  return -std::log(std::max(probability, kLeastProbability));
}
bool known(double value) {
  return !std::isnan(value);
}

std::size_t mostProbable(const Prediction& row) {
  return static_cast<std::size_t>(std::max_element(row.regime.begin(), row.regime.end()) - row.regime.begin());
}
double regimeHit(const Prediction& row) {
  return mostProbable(row) == static_cast<std::size_t>(row.truth.regime) ? 1.0 : 0.0;
}

std::vector<double> numbers(const Rows& rows, const Number& number) {
  std::vector<double> values;
  values.reserve(rows.size());
  for (const Prediction* row : rows) values.push_back(number(*row));
  return values;
}

Metric meanOf(const Rows& rows, const Number& number) {
  return [values = numbers(rows, number)](Weights weights) { return mean(values, weights); };
}

/// One metric: what it needs of a row, and how it is made of rows that have it.
struct Entry {
  MetricInfo info;
  std::function<bool(const Prediction&)> has;
  std::function<Metric(const Rows&)> make;
};

void addRegime(std::vector<Entry>& table) {
  const auto has = [](const Prediction& row) { return row.truth.regime >= 0; };
  table.push_back({{"regime", "accuracy", Better::kHigher, "share of samples whose most probable regime is the label"},
                   has,
                   [](const Rows& rows) { return meanOf(rows, regimeHit); }});
  table.push_back(
      {{"regime", "balanced accuracy", Better::kHigher, "mean over the regimes that occur of their accuracy"},
       has,
       [](const Rows& rows) -> Metric {
         std::vector<int> labels;
         for (const Prediction* row : rows) labels.push_back(row->truth.regime);
         return [labels, hit = numbers(rows, regimeHit)](Weights weights) {
           return balancedAccuracy(labels, hit, weights);
         };
       }});
  table.push_back({{"regime", "log-loss", Better::kLower, "mean of -ln P(label), nats"}, has, [](const Rows& rows) {
                     return meanOf(rows, [](const Prediction& row) {
                       return logLoss(row.regime.at(static_cast<std::size_t>(row.truth.regime)));
                     });
                   }});
  table.push_back({{"regime", "ECE", Better::kLower, "expected calibration error of the most probable regime, 10 bins"},
                   has,
                   [](const Rows& rows) -> Metric {
                     const auto stated =
                         numbers(rows, [](const Prediction& row) { return row.regime[mostProbable(row)]; });
                     return [stated, hit = numbers(rows, regimeHit)](Weights weights) {
                       return calibrationError(stated, hit, weights);
                     };
                   }});
}

void addBinary(std::vector<Entry>& table, std::string_view target, double Prediction::*stated, double Labels::*label) {
  const auto has = [=](const Prediction& row) { return known(row.truth.*label) && known(row.*stated); };
  const Number probability = [=](const Prediction& row) { return row.*stated; };
  const Number truth = [=](const Prediction& row) { return row.truth.*label; };
  table.push_back(
      {{target, "accuracy", Better::kHigher, "share of samples right at probability 0.5"}, has, [=](const Rows& rows) {
         return meanOf(
             rows, [=](const Prediction& row) { return (row.*stated >= 0.5) == (row.truth.*label > 0.5) ? 1.0 : 0.0; });
       }});
  table.push_back({{target, "balanced accuracy", Better::kHigher, "mean of the accuracies among yes and among no"},
                   has,
                   [=](const Rows& rows) -> Metric {
                     std::vector<int> labels;
                     for (const Prediction* row : rows) labels.push_back(row->truth.*label > 0.5 ? 1 : 0);
                     const auto hit = numbers(rows, [=](const Prediction& row) {
                       return (row.*stated >= 0.5) == (row.truth.*label > 0.5) ? 1.0 : 0.0;
                     });
                     return [labels, hit](Weights weights) { return balancedAccuracy(labels, hit, weights); };
                   }});
  table.push_back(
      {{target, "AUROC", Better::kHigher, "chance that a yes is ranked above a no, ties half"},
       has,
       [=](const Rows& rows) -> Metric { return Auroc(numbers(rows, probability), numbers(rows, truth)); }});
  table.push_back({{target, "log-loss", Better::kLower, "mean of -ln P(label), nats"}, has, [=](const Rows& rows) {
                     return meanOf(rows, [=](const Prediction& row) {
                       return logLoss(row.truth.*label > 0.5 ? row.*stated : 1.0 - row.*stated);
                     });
                   }});
  table.push_back(
      {{target, "ECE", Better::kLower, "expected calibration error, 10 bins"}, has, [=](const Rows& rows) -> Metric {
         return [p = numbers(rows, probability), y = numbers(rows, truth)](Weights weights) {
           return calibrationError(p, y, weights);
         };
       }});
}

void addShare(std::vector<Entry>& table, std::string_view target, SharePrediction Prediction::*share,
              double Labels::*label) {
  const auto has = [=](const Prediction& row) { return known(row.truth.*label) && known((row.*share).mean); };
  const auto hasInterval = [=](const Prediction& row) { return has(row) && known((row.*share).low); };
  const auto hasConformal = [=](const Prediction& row) { return has(row) && known((row.*share).conformalLow); };
  const auto hasBins = [=](const Prediction& row) { return has(row) && !(row.*share).probability.empty(); };
  const auto inside = [=](const Prediction& row, double low, double high) {
    return row.truth.*label >= low && row.truth.*label <= high ? 1.0 : 0.0;
  };
  const auto error = [=](const Prediction& row) { return (row.*share).mean - row.truth.*label; };
  const auto add = [&](std::string_view name, Better better, std::string_view meaning, const auto& needs,
                       const Number& number) {
    table.push_back({{target, name, better, meaning}, needs, [=](const Rows& rows) { return meanOf(rows, number); }});
  };
  add(
      "CRPS", Better::kLower, "continuous ranked probability score of the distribution",
      [=](const Prediction& row) { return has(row) && known((row.*share).crps); },
      [=](const Prediction& row) { return (row.*share).crps; });
  table.push_back(
      {{target, "RMSE", Better::kLower, "of the distribution's mean"}, has, [=](const Rows& rows) -> Metric {
         return [squares = numbers(rows, [=](const Prediction& row) { return error(row) * error(row); })](
                    Weights weights) { return rootMean(squares, weights); };
       }});
  add("MAE", Better::kLower, "mean absolute error of the distribution's mean", has,
      [=](const Prediction& row) { return std::abs(error(row)); });
  add("coverage", Better::kNominal,
      "share of labels in the closed 5-95 % interval, as the model gives it; above 0.9 "
      "where distributions have masses at 0 or 1",
      hasInterval, [=](const Prediction& row) { return inside(row, (row.*share).low, (row.*share).high); });
  add("coverage, ties split", Better::kNominal, "the same with masses at 0 and 1 counted in part: 0.9 if calibrated",
      hasBins, [=](const Prediction& row) {
        return pitShare((row.*share).probability, row.truth.*label, (1.0 - kLevel) / 2, (1.0 + kLevel) / 2);
      });
  add("width", Better::kLower, "mean width of the interval", hasInterval,
      [=](const Prediction& row) { return (row.*share).high - (row.*share).low; });
  add("conformal coverage", Better::kNominal, "after the conformal step, which was fitted on validation planets",
      hasConformal,
      [=](const Prediction& row) { return inside(row, (row.*share).conformalLow, (row.*share).conformalHigh); });
  add("conformal width", Better::kLower, "mean width after the conformal step", hasConformal,
      [=](const Prediction& row) { return (row.*share).conformalHigh - (row.*share).conformalLow; });
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> table = [] {
    std::vector<Entry> made;
    addRegime(made);
    addBinary(made, "habitable", &Prediction::habitable, &Labels::habitable);
    addBinary(made, "viable", &Prediction::viable, &Labels::viable);
    addShare(made, "f_hab", &Prediction::fHab, &Labels::fHab);
    addShare(made, "h050", &Prediction::h050, &Labels::h050);
    made.push_back({{"text", "perplexity", Better::kLower, "of the texts' tokens"},
                    [](const Prediction& row) { return row.tokens > 0 && known(row.languageNll); },
                    [](const Rows& rows) -> Metric {
                      const auto nll = numbers(rows, [](const Prediction& row) { return row.languageNll; });
                      const auto tokens =
                          numbers(rows, [](const Prediction& row) { return static_cast<double>(row.tokens); });
                      return [nll, tokens](Weights weights) { return perplexity(nll, tokens, weights); };
                    }});
    return made;
  }();
  return table;
}

const Entry& find(std::string_view target, std::string_view name) {
  for (const Entry& entry : entries()) {
    if (entry.info.target == target && entry.info.name == name) return entry;
  }
  throw internalError("there is no metric '" + std::string(name) + "' of '" + std::string(target) + "'");
}

std::vector<std::string> clusters(const Rows& rows) {
  std::vector<std::string> names;
  for (const Prediction* row : rows) names.push_back(cluster(*row));
  return names;
}

Rows having(const Entry& entry, const Rows& rows) {
  Rows result;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(result),
               [&](const Prediction* row) { return entry.has(*row); });
  return result;
}

Score named(const Entry& entry) {
  return {std::string(entry.info.target), std::string(entry.info.name), {}};
}

}  // namespace

const std::string& cluster(const Prediction& row) {
  return row.system.empty() ? row.planet : row.system;
}

std::vector<MetricInfo> metrics() {
  std::vector<MetricInfo> result;
  for (const Entry& entry : entries()) result.push_back(entry.info);
  return result;
}

std::vector<Score> scores(const Rows& rows) {
  std::vector<Score> result;
  std::map<Rows, std::vector<std::size_t>> byRows;  // metrics of the same rows share their draws of planets
  std::vector<const Entry*> used;
  for (const Entry& entry : entries()) {
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
  const Entry& entry = find(target, name);
  const Rows same = having(entry, rows);
  Score result = named(entry);
  if (!same.empty()) result.estimate = std::move(estimates(clusters(same), std::array{entry.make(same)}).front());
  return result;
}

double plainScore(const Rows& rows, std::string_view target, std::string_view name) {
  const Entry& entry = find(target, name);
  const Rows same = having(entry, rows);
  return same.empty() ? kMissing : entry.make(same)(std::vector<double>(same.size(), 1.0));
}

Score difference(const Rows& ours, const Rows& theirs, std::string_view target, std::string_view name) {
  const Entry& entry = find(target, name);
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
