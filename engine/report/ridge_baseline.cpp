// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "engine/report/baseline_targets.h"
#include "engine/report/baselines.h"
#include "engine/report/neighbour_labels.h"
#include "engine/report/ridge.h"

namespace ecumene::engine::report {
namespace {

constexpr std::array kPenalties{1000.0, 100.0, 10.0, 1.0, 0.1, 0.01};

/// Summed -log P(label); two classes may have a label between.
double logLoss(const Matrix& predicted, const Matrix& targets) {
  double sum = 0.0;
  for (std::size_t i = 0; i < targets.values.size(); ++i) {
    sum -= targets.values[i] * std::log(std::max(predicted.values[i], kLeastProbability));
  }
  return sum;
}

/// Labels 0, 1, ... to rows with a single 1.
Matrix classTargets(std::span<const double> labels, std::size_t classes) {
  Matrix targets{labels.size(), classes, std::vector<double>(labels.size() * classes, 0.0)};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    double* row = targets.values.data() + i * classes;
    if (classes == 2) {
      row[0] = 1.0 - labels[i];
      row[1] = labels[i];
    } else {
      row[static_cast<std::size_t>(labels[i])] = 1.0;
    }
  }
  return targets;
}

struct Classes {
  Matrix probability;
  double penalty = 0.0;
};
Classes classify(const TargetRows& rows, std::size_t classes, bool archetypes, std::span<const ScalarRow> wanted) {
  std::array<double, kPenalties.size()> losses{};
  /// Adds the loss of rows that the fit has not seen, for each penalty from the largest on; gives the fits.
  const auto judge = [&](const Labelled& train, const Labelled& unseen) {
    std::vector<RidgeClassifier> fits;
    const LinearFeatures features(train.rows, archetypes);
    const Matrix x = features(train.rows), unseenX = features(unseen.rows);
    const Matrix targets = classTargets(train.labels, classes), wantedTargets = classTargets(unseen.labels, classes);
    for (std::size_t i = 0; i < kPenalties.size(); ++i) {
      fits.push_back(RidgeClassifier::fit(x, targets, kPenalties.at(i), fits.empty() ? nullptr : &fits.back()));
      losses.at(i) += logLoss(fits.back().predict(unseenX), wantedTargets);
    }
    return fits;
  };
  for (const Fold& fold : folds(rows.train)) judge(fold.inside, fold.outside);
  const std::vector<RidgeClassifier> fits = judge(rows.train, rows.validation);
  const auto best = static_cast<std::size_t>(std::min_element(losses.begin(), losses.end()) - losses.begin());
  return {fits[best].predict(LinearFeatures(rows.train.rows, archetypes)(wanted)), kPenalties.at(best)};
}

struct RidgeShares {
  std::vector<std::vector<double>> probability;
  double penalty = 0.0;
  std::size_t neighbours = 0;
};
double squares(std::span<const double> predicted, std::span<const double> labels) {
  double sum = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) sum += (predicted[i] - labels[i]) * (predicted[i] - labels[i]);
  return sum;
}
RidgeShares regress(const TargetRows& rows, std::span<const ScalarRow> wanted) {
  const LinearFeatures features(rows.train.rows, false);
  const Matrix x = features(rows.train.rows), validationX = features(rows.validation.rows);
  std::optional<Ridge> best;
  double least = std::numeric_limits<double>::infinity();
  RidgeShares result;
  for (const double penalty : kPenalties) {
    const Ridge ridge = Ridge::fit(x, rows.train.labels, penalty);
    const double loss =
        squares(ridge.leftOut(), rows.train.labels) + squares(ridge.predict(validationX), rows.validation.labels);
    if (loss >= least) continue;
    least = loss;
    best = ridge;
    result.penalty = penalty;
  }
  const NeighbourLabels neighbours(best->leftOut(), rows.train.labels);
  result.neighbours = neighbours.bestCount(best->predict(validationX), rows.validation.labels);
  for (const double predicted : best->predict(features(wanted))) {
    result.probability.push_back(neighbours.probability(predicted, result.neighbours));
  }
  return result;
}

}  // namespace

Baseline ridgeBaseline(std::span<const ScalarRow> train, std::span<const ScalarRow> validation,
                       std::span<const ScalarRow> wanted) {
  const auto rowsOf = [&](bool archetypes, const LabelOf& label) {
    return targetRows(train, validation, archetypes, label);
  };
  const Classes regime = classify(rowsOf(false, regimeLabel), data::planet::kRegimeCount, false, wanted);
  const Classes habitable =
      classify(rowsOf(false, [](const ScalarRow& row) { return row.truth.habitable; }), 2, false, wanted);
  const Classes viable = classify(rowsOf(true, [](const ScalarRow& row) { return row.truth.viable; }), 2, true, wanted);
  const RidgeShares fHab = regress(rowsOf(false, [](const ScalarRow& row) { return row.truth.fHab; }), wanted);
  const RidgeShares h050 = regress(rowsOf(false, [](const ScalarRow& row) { return row.truth.h050; }), wanted);

  Baseline baseline{"ridge", {}, emptyPredictions(wanted)};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    Prediction& prediction = baseline.predictions[i];
    std::copy_n(regime.probability.row(i).begin(), prediction.regime.size(), prediction.regime.begin());
    prediction.habitable = habitable.probability.row(i)[1];
    prediction.viable = viable.probability.row(i)[1];
    prediction.fHab = sharePrediction(fHab.probability[i], wanted[i].truth.fHab);
    prediction.h050 = sharePrediction(h050.probability[i], wanted[i].truth.h050);
  }
  baseline.about = fmt::format(
      "scalars, what is missing of them, squares, products and hinges (viable: also the archetype and its products "
      "with the "
      "scalars). Multinomial "
      "logistic regression with ridge penalty for regime ({:g}), logistic for habitable ({:g}) and viable ({:g}), "
      "closed-form ridge for f_hab "
      "({:g}) and h050 ({:g}), each penalty by the loss of validation and of left-out train planets; distribution of a "
      "share: labels of the {} and {} train "
      "planets with the nearest "
      "left-out prediction, counts by validation CRPS",
      regime.penalty, habitable.penalty, viable.penalty, fHab.penalty, h050.penalty, fHab.neighbours, h050.neighbours);
  return baseline;
}

}  // namespace ecumene::engine::report
