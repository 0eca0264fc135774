// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/report/prediction.h"
#include "engine/report/scalar_rows.h"

namespace ecumene::engine::report {

/// A baseline that sees the scalars and the archetype, nothing else.
struct Baseline {
  std::string name;                     ///< "ridge", "XGBoost"
  std::string about;                    ///< how it was made and what validation chose, for the report
  std::vector<Prediction> predictions;  ///< of the wanted rows, in their order; subset "scalars"
};

/// Ridge on scalars, what is missing of them, their squares, products and hinges (scalar_features.h): multinomial
/// logistic regression for regime, logistic for habitable and for viable (with archetype, and archetype times scalars),
/// closed-form regression for f_hab and h050. The penalty is chosen for each target by the validation loss. The
/// distribution of a share is that of the labels of the k train planets whose left-out prediction is nearest, k by
/// validation CRPS.
Baseline ridgeBaseline(std::span<const ScalarRow> train, std::span<const ScalarRow> validation,
                       std::span<const ScalarRow> wanted);

/// XGBoost on the same scalars and indicators; rounds by early stopping on validation, depth chosen there. The
/// distribution of a share is either that of a classifier over the bins of the model's own distribution, or the
/// neighbours' labels as for ridge around a regression (predicted out of fold on the train planets), whichever has the
/// better validation CRPS.
Baseline treeBaseline(std::span<const ScalarRow> train, std::span<const ScalarRow> validation,
                      std::span<const ScalarRow> wanted);

/// Gives predictions of a baseline the labels of `like` with the same sample (viable depends on the network variant
/// that the model was shown); samples that `like` lacks lose theirs.
void takeLabels(std::vector<Prediction>& predictions, std::span<const Prediction> like);

}  // namespace ecumene::engine::report
