// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/report/scalar_features.h"

namespace ecumene::engine::report {

/// Linear regression with penalty lambda |w|^2, the intercept free, in closed form (Hoerl & Kennard 1970,
/// Technometrics 12, 55). lambda > 0.
class Ridge {
 public:
  static Ridge fit(const Matrix& x, std::span<const double> y, double lambda);
  [[nodiscard]] std::vector<double> predict(const Matrix& x) const;
  /// What each row of the fit would have been predicted by a fit without it, in closed form (Allen 1974, Technometrics
  /// 16, 125).
  [[nodiscard]] const std::vector<double>& leftOut() const { return leftOut_; }

 private:
  std::vector<double> weights_;  ///< intercept last
  std::vector<double> leftOut_;
};

/// Multinomial logistic regression with penalty lambda / 2 |W|^2, intercepts nearly free (1e-3 / 2 b^2, so that a class
/// without rows stays finite), by Newton steps with halving. For two classes one column of weights. lambda > 0.
class RidgeClassifier {
 public:
  /// `targets`: probability of each class in each row, [rows, classes], classes >= 2; sums 1. `start`: a fit of the
  /// same sizes to begin with.
  static RidgeClassifier fit(const Matrix& x, const Matrix& targets, double lambda,
                             const RidgeClassifier* start = nullptr);
  [[nodiscard]] Matrix predict(const Matrix& x) const;

 private:
  std::size_t classes_ = 0;
  std::vector<double> weights_;  ///< [columns of W, features + 1], intercept last
};

}  // namespace ecumene::engine::report
