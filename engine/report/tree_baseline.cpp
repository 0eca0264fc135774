// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "engine/report/baseline_targets.h"
#include "engine/report/baselines.h"
#include "engine/report/boosted_trees.h"
#include "engine/report/neighbour_labels.h"

namespace ecumene::engine::report {
namespace {

constexpr std::array kDepths{2, 4, 6};
constexpr std::size_t kShareBins = 20;  ///< as the model's own distribution has

struct Fit {
  BoostedTrees trees;
  int depth;
};
Fit fit(const TargetRows& rows, bool archetypes, TreeObjective objective, int classes = 0) {
  const Matrix x = treeFeatures(rows.train.rows, archetypes);
  const Matrix validationX = treeFeatures(rows.validation.rows, archetypes);
  std::optional<Fit> best;
  for (const int depth : kDepths) {
    TreeOptions options{objective, classes, depth};
    BoostedTrees trees = BoostedTrees::fit(x, rows.train.labels, validationX, rows.validation.labels, options);
    if (!best || trees.validationLoss() < best->trees.validationLoss()) best = Fit{std::move(trees), depth};
  }
  return std::move(*best);
}

std::vector<double> binsOf(std::span<const double> labels) {
  std::vector<double> bins;
  for (const double label : labels) {
    std::size_t bin = 1 + std::min(static_cast<std::size_t>(label * static_cast<double>(kShareBins)), kShareBins - 1);
    if (label <= kAtEnd) bin = 0;
    if (label >= 1.0 - kAtEnd) bin = kShareBins + 1;
    bins.push_back(static_cast<double>(bin));
  }
  return bins;
}

std::vector<std::vector<double>> rowsOf(const Matrix& matrix) {
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < matrix.rows; ++i) rows.emplace_back(matrix.row(i).begin(), matrix.row(i).end());
  return rows;
}

double meanCrps(const std::vector<std::vector<double>>& probability, std::span<const double> labels) {
  double sum = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) sum += sharePrediction(probability[i], labels[i]).crps;
  return sum / static_cast<double>(labels.size());
}

/// Predictions of the train rows by trees grown without their fold.
std::vector<double> outOfFold(const TargetRows& rows, int depth) {
  std::vector<double> predicted(rows.train.rows.size());
  for (const Fold& fold : folds(rows.train)) {
    const BoostedTrees trees = BoostedTrees::fit(treeFeatures(fold.inside.rows, false), fold.inside.labels,
                                                 treeFeatures(rows.validation.rows, false), rows.validation.labels,
                                                 {TreeObjective::kNumber, 0, depth});
    const Matrix made = trees.predict(treeFeatures(fold.outside.rows, false));
    for (std::size_t i = 0; i < fold.at.size(); ++i) predicted[fold.at[i]] = made.values[i];
  }
  return predicted;
}

struct TreeShares {
  std::vector<std::vector<double>> probability;
  std::string about;
};
TreeShares shares(const TargetRows& rows, std::span<const ScalarRow> wanted) {
  const Matrix validationX = treeFeatures(rows.validation.rows, false), wantedX = treeFeatures(wanted, false);

  TargetRows binned = rows;
  binned.train.labels = binsOf(rows.train.labels);
  binned.validation.labels = binsOf(rows.validation.labels);
  const Fit classifier = fit(binned, false, TreeObjective::kClasses, static_cast<int>(kShareBins) + 2);
  const double classifierCrps = meanCrps(rowsOf(classifier.trees.predict(validationX)), rows.validation.labels);

  const Fit regression = fit(rows, false, TreeObjective::kNumber);
  const NeighbourLabels neighbours(outOfFold(rows, regression.depth), rows.train.labels);
  const std::vector<double> validation = regression.trees.predict(validationX).values;
  const std::size_t count = neighbours.bestCount(validation, rows.validation.labels);
  std::vector<std::vector<double>> around;
  for (const double predicted : validation) around.push_back(neighbours.probability(predicted, count));

  if (classifierCrps <= meanCrps(around, rows.validation.labels)) {
    return {rowsOf(classifier.trees.predict(wantedX)),
            fmt::format("classifier over {} bins and both ends, depth {}, {} rounds", kShareBins, classifier.depth,
                        classifier.trees.rounds())};
  }
  TreeShares result{
      {},
      fmt::format("labels of the {} train planets with the nearest out-of-fold regression, depth {}, {} rounds", count,
                  regression.depth, regression.trees.rounds())};
  for (const double predicted : regression.trees.predict(wantedX).values) {
    result.probability.push_back(neighbours.probability(predicted, count));
  }
  return result;
}

}  // namespace

Baseline treeBaseline(std::span<const ScalarRow> train, std::span<const ScalarRow> validation,
                      std::span<const ScalarRow> wanted) {
  const auto of = [&](bool archetypes, const LabelOf& label) {
    return targetRows(train, validation, archetypes, label);
  };
  const Fit regime = fit(of(false, regimeLabel), false, TreeObjective::kClasses, data::planet::kRegimeCount);
  const Fit habitable =
      fit(of(false, [](const ScalarRow& row) { return row.truth.habitable; }), false, TreeObjective::kProbability);
  const Fit viable =
      fit(of(true, [](const ScalarRow& row) { return row.truth.viable; }), true, TreeObjective::kProbability);
  const TreeShares fHab = shares(of(false, [](const ScalarRow& row) { return row.truth.fHab; }), wanted);
  const TreeShares h050 = shares(of(false, [](const ScalarRow& row) { return row.truth.h050; }), wanted);

  const Matrix x = treeFeatures(wanted, false);
  const Matrix regimes = regime.trees.predict(x), habitables = habitable.trees.predict(x);
  const Matrix viables = viable.trees.predict(treeFeatures(wanted, true));
  Baseline baseline{"XGBoost", {}, emptyPredictions(wanted)};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    Prediction& prediction = baseline.predictions[i];
    std::copy_n(regimes.row(i).begin(), prediction.regime.size(), prediction.regime.begin());
    prediction.habitable = habitables.values[i];
    prediction.viable = viables.values[i];
    prediction.fHab = sharePrediction(fHab.probability[i], wanted[i].truth.fHab);
    prediction.h050 = sharePrediction(h050.probability[i], wanted[i].truth.h050);
  }
  const auto about = [](const Fit& made) {
    return fmt::format("depth {}, {} rounds", made.depth, made.trees.rounds());
  };
  baseline.about = fmt::format(
      "scalars and what is missing of them (viable: also the archetype), XGBoost {}, learning rate 0.1, depth and "
      "rounds by validation. "
      "regime: {}; habitable: {}; viable: {}; f_hab: {}; h050: {}",
      xgboostVersion(), about(regime), about(habitable), about(viable), fHab.about, h050.about);
  return baseline;
}

}  // namespace ecumene::engine::report
