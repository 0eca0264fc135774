// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/report/scalar_features.h"

/// What both baselines do alike.
namespace ecumene::engine::report {

using LabelOf = std::function<double(const ScalarRow&)>;  ///< NaN: missing
double regimeLabel(const ScalarRow& row);

/// Rows with a label of one target, and the labels.
struct Labelled {
  std::vector<ScalarRow> rows;
  std::vector<double> labels;
};
struct TargetRows {
  Labelled train, validation;
};
/// One row a planet unless the archetype matters. Throws Error if none is left in either.
TargetRows targetRows(std::span<const ScalarRow> train, std::span<const ScalarRow> validation, bool archetypes,
                      const LabelOf& label);

/// Five parts of the rows, each with the others; a system is in one part. Parts without rows are left out.
struct Fold {
  Labelled inside, outside;
  std::vector<std::size_t> at;  ///< where the rows of `outside` stand
};
std::vector<Fold> folds(const Labelled& rows);

/// Predictions that name the wanted rows and hold nothing else yet.
std::vector<Prediction> emptyPredictions(std::span<const ScalarRow> wanted);

}  // namespace ecumene::engine::report
