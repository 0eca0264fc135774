// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/report/scalar_features.h"

namespace ecumene::engine::report {

/// Of the library, "1.7.4".
std::string xgboostVersion();

enum class TreeObjective {
  kClasses,      ///< probabilities of `classes` classes, labels 0, 1, ...; loss: log-loss
  kProbability,  ///< probability of yes; labels in [0, 1]; loss: log-loss
  kNumber,       ///< a number; loss: root mean square error
};
struct TreeOptions {
  TreeObjective objective = TreeObjective::kNumber;
  int classes = 0;
  int depth = 4;
  double learningRate = 0.1;
  int mostRounds = 400, patience = 15;  ///< rounds without a better validation loss before it stops
};

/// Gradient-boosted trees by XGBoost (Chen & Guestrin 2016, arXiv 1603.02754) with one thread: equal inputs give equal
/// trees. Stops by the loss of the validation rows and predicts with the best round.
class BoostedTrees {
 public:
  /// NaN in x is a missing value. Throws Error with XGBoost's message where it fails.
  static BoostedTrees fit(const Matrix& x, std::span<const double> y, const Matrix& validationX,
                          std::span<const double> validationY, const TreeOptions& options);
  ~BoostedTrees();
  BoostedTrees(BoostedTrees&&) noexcept;
  BoostedTrees& operator=(BoostedTrees&&) noexcept;

  /// [rows, classes], or [rows, 1].
  [[nodiscard]] Matrix predict(const Matrix& x) const;
  [[nodiscard]] double validationLoss() const;
  [[nodiscard]] int rounds() const;

 private:
  struct State;
  explicit BoostedTrees(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ecumene::engine::report
