// SPDX-License-Identifier: Apache-2.0
#include "engine/report/metric_table.h"

#include <algorithm>
#include <cmath>

namespace ecumene::engine::report {

std::size_t mostProbable(const Prediction& row) {
  return static_cast<std::size_t>(std::max_element(row.regime.begin(), row.regime.end()) - row.regime.begin());
}
double regimeHit(const Prediction& row) {
  return mostProbable(row) == static_cast<std::size_t>(row.truth.regime) ? 1.0 : 0.0;
}

namespace {

using Number = std::function<double(const Prediction&)>;

double logLoss(double probability) {
  return -std::log(std::max(probability, kLeastProbability));
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

void addRegime(std::vector<MetricEntry>& table) {
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

void addBinary(std::vector<MetricEntry>& table, std::string_view target, double Prediction::*stated,
               double Labels::*label) {
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

void addShare(std::vector<MetricEntry>& table, std::string_view target, SharePrediction Prediction::*share,
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
        return pitShare((row.*share).probability, row.truth.*label, (1.0 - kIntervalLevel) / 2,
                        (1.0 + kIntervalLevel) / 2);
      });
  add("width", Better::kLower, "mean width of the interval", hasInterval,
      [=](const Prediction& row) { return (row.*share).high - (row.*share).low; });
  add("conformal coverage", Better::kNominal, "after the conformal step, which was fitted on validation planets",
      hasConformal,
      [=](const Prediction& row) { return inside(row, (row.*share).conformalLow, (row.*share).conformalHigh); });
  add("conformal width", Better::kLower, "mean width after the conformal step", hasConformal,
      [=](const Prediction& row) { return (row.*share).conformalHigh - (row.*share).conformalLow; });
}

}  // namespace

const std::vector<MetricEntry>& metricEntries() {
  static const std::vector<MetricEntry> table = [] {
    std::vector<MetricEntry> made;
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

}  // namespace ecumene::engine::report
