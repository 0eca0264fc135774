// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "data/base/random.h"
#include "data/batch/eigenpairs.h"

namespace ecumene::data::batch {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kResidual = 1e-9;
constexpr double kDependent = 1e-9;  // a unit vector that keeps less than this lies in the basis

/// D^-1/2 A D^-1/2 times each column.
class NormalisedAdjacency {
 public:
  explicit NormalisedAdjacency(const Adjacency& graph) : graph_(graph), scale_(at(graph.nodes())) {
    for (std::size_t n = 0; n < graph.nodes(); ++n) {
      scale_[at(n)] = graph.degree(n) > 0 ? 1.0 / std::sqrt(static_cast<double>(graph.degree(n))) : 0.0;
    }
  }
  [[nodiscard]] MatrixXd times(const MatrixXd& x) const {
    MatrixXd y(x.rows(), x.cols());
    for (Index c = 0; c < x.cols(); ++c) {
      const double* from = x.col(c).data();
      double* to = y.col(c).data();
      const double* scale = scale_.data();
      for (std::size_t n = 0; n < graph_.nodes(); ++n) {
        double sum = 0.0;
        for (const std::size_t m : graph_.of(n)) sum += scale[m] * from[m];
        to[n] = scale[n] * sum;
      }
    }
    return y;
  }

 private:
  const Adjacency& graph_;
  VectorXd scale_;
};

/// An orthonormal basis that grows by blocks, with the operator applied to it and projected on it.
class KrylovSpace {
 public:
  KrylovSpace(const Adjacency& graph, Index block)
      : operator_(graph),
        trivial_(graph),
        block_(block),
        most_(at(graph.nodes() - trivial_.dimension())),
        random_(0, "krylov-start"),
        basis_(at(graph.nodes()), 0),
        image_(at(graph.nodes()), 0) {
    start();
  }
  [[nodiscard]] Index size() const { return basis_.cols(); }
  [[nodiscard]] bool whole() const { return size() >= most_; }

  /// One block more; where the space is closed, one from new directions.
  void grow() {
    if (whole()) return;
    const Index before = size();
    append(image_.rightCols(last_));
    if (size() == before) start();
  }

  [[nodiscard]] Pairs largest(Index wanted) const {
    if (size() == 0) return {};
    const Index n = std::min(wanted, size());
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(projected_);
    const MatrixXd inside = solver.eigenvectors().rightCols(n).rowwise().reverse();
    Pairs pairs{solver.eigenvalues().tail(n).reverse(), basis_ * inside, 0.0};
    const MatrixXd rest = image_ * inside - pairs.vectors * pairs.values.asDiagonal();
    pairs.residual = rest.colwise().norm().maxCoeff();
    return pairs;
  }

 private:
  void start() {
    while (!whole()) {
      MatrixXd fresh(basis_.rows(), std::min(block_, most_ - size()));
      for (Index c = 0; c < fresh.cols(); ++c) {
        for (Index r = 0; r < fresh.rows(); ++r) fresh(r, c) = random_.normal();
      }
      const Index before = size();
      append(fresh);
      if (size() > before) return;
    }
  }

  void append(const MatrixXd& candidates) {
    MatrixXd fresh(basis_.rows(), candidates.cols());
    Index kept = 0;
    for (Index c = 0; c < candidates.cols() && size() + kept < most_; ++c) {
      VectorXd x = candidates.col(c);
      const double length = x.norm();
      if (length == 0.0) continue;
      x /= length;
      // Twice is enough (Giraud et al. 2005, Numer. Math. 101, 87).
      double left = 1.0;
      for (int pass = 0; pass < 2; ++pass) {
        trivial_.removeFrom(x);
        x -= basis_ * (basis_.transpose() * x).eval();
        x -= fresh.leftCols(kept) * (fresh.leftCols(kept).transpose() * x).eval();
        left = x.norm();
        if (left < kDependent) break;
        x /= left;
      }
      if (left < kDependent) continue;
      fresh.col(kept++) = x;
    }
    const Index old = size();
    basis_.conservativeResize(Eigen::NoChange, old + kept);
    basis_.rightCols(kept) = fresh.leftCols(kept);
    image_.conservativeResize(Eigen::NoChange, old + kept);
    image_.rightCols(kept) = operator_.times(fresh.leftCols(kept));
    projected_.conservativeResize(old + kept, old + kept);
    const MatrixXd cross = basis_.transpose() * image_.rightCols(kept);
    projected_.rightCols(kept) = cross;
    projected_.bottomRows(kept) = cross.transpose();
    last_ = kept;
  }

  NormalisedAdjacency operator_;
  TrivialSpace trivial_;
  Index block_, most_, last_ = 0;
  Random random_;
  MatrixXd basis_, image_, projected_;
};

}  // namespace

Pairs bySubspaces(const Adjacency& graph, Index columns) {
  KrylovSpace space(graph, columns);
  // A check costs a dense problem of the basis' size, so the next one comes when the basis is a quarter larger.
  Index next = 4 * columns;
  while (true) {
    while (!space.whole() && space.size() < next) space.grow();
    Pairs pairs = space.largest(columns);
    if (space.whole() || pairs.residual < kResidual) return pairs;
    next = space.size() + std::max(space.size() / 4, columns);
  }
}

}  // namespace ecumene::data::batch
