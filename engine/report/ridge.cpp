// SPDX-License-Identifier: Apache-2.0
#include "engine/report/ridge.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

// Shape letters: N rows, F features and the intercept, K free columns of weights, C classes.
namespace ecumene::engine::report {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double kInterceptPenalty = 1e-3;
constexpr int kMostSteps = 50;

MatrixXd withIntercept(const Matrix& x) {
  const auto rows = static_cast<Index>(x.rows), columns = static_cast<Index>(x.columns);
  MatrixXd result(rows, columns + 1);
  result.leftCols(columns) = Eigen::Map<const RowMajor>(x.values.data(), rows, columns);
  result.col(columns).setOnes();
  return result;
}

/// Probabilities [N, C] of logits [N, K]; K = 1: the logit of the second class against the first.
MatrixXd probabilities(const MatrixXd& logits, Index classes) {
  MatrixXd full = MatrixXd::Zero(logits.rows(), classes);
  full.rightCols(logits.cols()) = logits;
  full.colwise() -= VectorXd(full.rowwise().maxCoeff());
  full = full.array().exp();
  const VectorXd sums = full.rowwise().sum();
  for (Index c = 0; c < classes; ++c) full.col(c).array() /= sums.array();
  return full;
}

class Objective {
 public:
  Objective(const Matrix& x, const Matrix& targets, double lambda)
      : x_NF_(withIntercept(x)),
        targets_NC_(Eigen::Map<const RowMajor>(targets.values.data(), static_cast<Index>(targets.rows),
                                               static_cast<Index>(targets.columns))),
        columns_(targets.columns == 2 ? 1 : static_cast<Index>(targets.columns)),
        penalty_F_(VectorXd::Constant(x_NF_.cols(), lambda)) {
    penalty_F_(x_NF_.cols() - 1) = kInterceptPenalty;
  }

  [[nodiscard]] Index features() const { return x_NF_.cols(); }
  [[nodiscard]] Index columns() const { return columns_; }

  [[nodiscard]] double value(const MatrixXd& weights_FK) const {
    const MatrixXd p = probabilities(x_NF_ * weights_FK, targets_NC_.cols());
    return -(targets_NC_.array() * p.array().max(1e-300).log()).sum() +
           0.5 * (penalty_F_.asDiagonal() * weights_FK.cwiseAbs2()).sum();
  }

  [[nodiscard]] MatrixXd newtonStep(const MatrixXd& weights_FK) const {
    const MatrixXd p = probabilities(x_NF_ * weights_FK, targets_NC_.cols()).rightCols(columns_);
    const MatrixXd gradient_FK =
        x_NF_.transpose() * (p - targets_NC_.rightCols(columns_)) + penalty_F_.asDiagonal() * weights_FK;
    const Index f = features();
    MatrixXd hessian(f * columns_, f * columns_);
    for (Index a = 0; a < columns_; ++a) {
      for (Index b = 0; b <= a; ++b) {
        const VectorXd w = p.col(a).array() * ((a == b ? 1.0 : 0.0) - p.col(b).array());
        MatrixXd block = x_NF_.transpose() * (w.asDiagonal() * x_NF_);
        if (a == b) block.diagonal() += penalty_F_;
        hessian.block(a * f, b * f, f, f) = block;
        hessian.block(b * f, a * f, f, f) = block;
      }
    }
    const VectorXd step = hessian.llt().solve(Eigen::Map<const VectorXd>(gradient_FK.data(), gradient_FK.size()));
    return Eigen::Map<const MatrixXd>(step.data(), f, columns_);
  }

 private:
  MatrixXd x_NF_, targets_NC_;
  Index columns_;
  VectorXd penalty_F_;
};

}  // namespace

Ridge Ridge::fit(const Matrix& x, std::span<const double> y, double lambda) {
  const MatrixXd x_NF = withIntercept(x);
  const Eigen::Map<const VectorXd> y_N(y.data(), static_cast<Index>(y.size()));
  MatrixXd normal = x_NF.transpose() * x_NF;
  normal.diagonal().head(x_NF.cols() - 1).array() += lambda;
  const Eigen::LDLT<MatrixXd> factor(normal);
  const VectorXd weights = factor.solve(x_NF.transpose() * y_N);
  const VectorXd fitted = x_NF * weights;
  const MatrixXd solved = factor.solve(x_NF.transpose());
  Ridge ridge;
  ridge.weights_.assign(weights.data(), weights.data() + weights.size());
  for (Index i = 0; i < x_NF.rows(); ++i) {
    const double leverage = std::min(x_NF.row(i).dot(solved.col(i)), 1.0 - 1e-9);
    ridge.leftOut_.push_back(y_N(i) - (y_N(i) - fitted(i)) / (1.0 - leverage));
  }
  return ridge;
}

std::vector<double> Ridge::predict(const Matrix& x) const {
  std::vector<double> result;
  for (std::size_t i = 0; i < x.rows; ++i) {
    double sum = weights_.back();
    for (std::size_t j = 0; j < x.columns; ++j) sum += weights_[j] * x.row(i)[j];
    result.push_back(sum);
  }
  return result;
}

RidgeClassifier RidgeClassifier::fit(const Matrix& x, const Matrix& targets, double lambda,
                                     const RidgeClassifier* start) {
  const Objective objective(x, targets, lambda);
  MatrixXd weights = MatrixXd::Zero(objective.features(), objective.columns());
  if (start != nullptr) weights = Eigen::Map<const MatrixXd>(start->weights_.data(), weights.rows(), weights.cols());
  double value = objective.value(weights);
  for (int step = 0; step < kMostSteps; ++step) {
    const MatrixXd direction = objective.newtonStep(weights);
    double length = 1.0, next = objective.value(weights - direction);
    while (!(next <= value) && length > 1e-6) {
      length *= 0.5;
      next = objective.value(weights - length * direction);
    }
    if (!(next <= value)) break;
    weights -= length * direction;
    const bool done = value - next <= 1e-7 * (1.0 + std::abs(next));
    value = next;
    if (done) break;
  }
  RidgeClassifier result;
  result.classes_ = targets.columns;
  result.weights_.assign(weights.data(), weights.data() + weights.size());
  return result;
}

Matrix RidgeClassifier::predict(const Matrix& x) const {
  Matrix result{x.rows, classes_, std::vector<double>(x.rows * classes_)};
  if (x.rows == 0) return result;
  const Index features = static_cast<Index>(x.columns) + 1;
  const Eigen::Map<const MatrixXd> weights(weights_.data(), features, static_cast<Index>(weights_.size()) / features);
  const MatrixXd p = probabilities(withIntercept(x) * weights, static_cast<Index>(classes_));
  Eigen::Map<RowMajor>(result.values.data(), p.rows(), p.cols()) = p;
  return result;
}

}  // namespace ecumene::engine::report
