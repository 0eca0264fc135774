// SPDX-License-Identifier: Apache-2.0
#include "data/batch/laplacian.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "data/base/random.h"

namespace ecumene::data::batch {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kResidual = 1e-9;
constexpr double kDependent = 1e-9;  // a unit vector that keeps less than this lies in the basis

Index at(std::size_t i) {
  return static_cast<Index>(i);
}

/// Eigenpairs of D^-1/2 A D^-1/2, its values descending.
struct Pairs {
  VectorXd values;
  MatrixXd vectors;
  double residual = 0.0;
};

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

std::vector<std::vector<std::size_t>> components(const Adjacency& graph) {
  std::vector<std::vector<std::size_t>> found;
  std::vector<bool> seen(graph.nodes(), false);
  for (std::size_t start = 0; start < graph.nodes(); ++start) {
    if (seen[start]) continue;
    std::vector<std::size_t>& members = found.emplace_back(1, start);
    seen[start] = true;
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (const std::size_t next : graph.of(members[i])) {
        if (seen[next]) continue;
        seen[next] = true;
        members.push_back(next);
      }
    }
  }
  return found;
}

/// Removes the trivial eigenvectors, sqrt(degree) on one component each.
class TrivialSpace {
 public:
  explicit TrivialSpace(const Adjacency& graph) : components_(components(graph)), root_(at(graph.nodes())) {
    for (const auto& members : components_) {
      double edges = 0.0;
      for (const std::size_t n : members) edges += static_cast<double>(graph.degree(n));
      for (const std::size_t n : members) {
        root_[at(n)] = edges > 0.0 ? std::sqrt(static_cast<double>(graph.degree(n)) / edges) : 1.0;
      }
    }
  }
  [[nodiscard]] std::size_t dimension() const { return components_.size(); }
  [[nodiscard]] const std::vector<std::vector<std::size_t>>& members() const { return components_; }
  [[nodiscard]] const VectorXd& root() const { return root_; }
  void removeFrom(Eigen::Ref<VectorXd> x) const {
    for (const auto& members : components_) {
      double along = 0.0;
      for (const std::size_t n : members) along += root_[at(n)] * x[at(n)];
      for (const std::size_t n : members) x[at(n)] -= along * root_[at(n)];
    }
  }

 private:
  std::vector<std::vector<std::size_t>> components_;
  VectorXd root_;
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

/// A place for each node within its side, where no edge joins nodes of one side (a network's metabolites and
/// reactions); empty where there are no such sides. `isLeft` is the side with fewer nodes.
struct Sides {
  std::vector<bool> isLeft;
  std::vector<std::size_t> place;
  std::size_t left = 0, right = 0;
};
std::optional<Sides> sidesOf(const Adjacency& graph, const TrivialSpace& trivial) {
  Sides sides{std::vector<bool>(graph.nodes(), false), std::vector<std::size_t>(graph.nodes(), 0)};
  // Members of a component come in the order of a walk through it, so that one neighbour at least stands before.
  std::vector<bool> seen(graph.nodes(), false);
  for (const auto& members : trivial.members()) {
    for (const std::size_t n : members) {
      seen[n] = true;
      for (const std::size_t m : graph.of(n)) {
        if (!seen[m]) continue;
        sides.isLeft[n] = !sides.isLeft[m];
        break;
      }
    }
  }
  for (std::size_t n = 0; n < graph.nodes(); ++n) {
    for (const std::size_t m : graph.of(n)) {
      if (sides.isLeft[n] == sides.isLeft[m]) return std::nullopt;
    }
  }
  if (2 * static_cast<std::size_t>(std::ranges::count(sides.isLeft, true)) > graph.nodes()) sides.isLeft.flip();
  for (std::size_t n = 0; n < graph.nodes(); ++n) sides.place[n] = (sides.isLeft[n] ? sides.left : sides.right)++;
  return sides;
}

/// Of a small graph of two sides with B between them the operator is [0 B; B^T 0], so its positive eigenvalues are the
/// singular values of B: a dense problem of the smaller side alone. None if the graph is not such, or has fewer.
std::optional<Pairs> ofTwoSides(const Adjacency& graph, Index columns) {
  constexpr std::size_t kMostDense = 256;
  constexpr double kNullSquare = 1e-8;
  if (graph.nodes() > 4 * kMostDense) return std::nullopt;
  const TrivialSpace trivial(graph);
  const std::optional<Sides> sides = sidesOf(graph, trivial);
  if (!sides || sides->left > kMostDense || at(sides->left) < columns) return std::nullopt;
  MatrixXd between = MatrixXd::Zero(at(sides->left), at(sides->right));
  MatrixXd known = MatrixXd::Zero(at(sides->left), at(trivial.dimension()));
  for (std::size_t n = 0; n < graph.nodes(); ++n) {
    if (!sides->isLeft[n]) continue;
    for (const std::size_t m : graph.of(n)) {
      between(at(sides->place[n]), at(sides->place[m])) =
          1.0 / std::sqrt(static_cast<double>(graph.degree(n) * graph.degree(m)));
    }
  }
  for (std::size_t c = 0; c < trivial.dimension(); ++c) {
    // Half of a trivial vector's square lies on each side.
    for (const std::size_t n : trivial.members()[c]) {
      if (sides->isLeft[n] && graph.degree(n) > 0) {
        known(at(sides->place[n]), at(c)) = std::numbers::sqrt2 * trivial.root()[at(n)];
      }
    }
  }
  const MatrixXd square = between * between.transpose() - known * known.transpose();
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(square);
  if (solver.eigenvalues()[at(sides->left) - columns] < kNullSquare) return std::nullopt;
  const MatrixXd left = solver.eigenvectors().rightCols(columns).rowwise().reverse();
  Pairs pairs{solver.eigenvalues().tail(columns).reverse().cwiseSqrt(), MatrixXd(at(graph.nodes()), columns), 0.0};
  const MatrixXd right = between.transpose() * left * pairs.values.cwiseInverse().asDiagonal();
  for (std::size_t n = 0; n < graph.nodes(); ++n) {
    pairs.vectors.row(at(n)) = (sides->isLeft[n] ? left : right).row(at(sides->place[n])) / std::numbers::sqrt2;
  }
  return pairs;
}

void fixSign(Eigen::Ref<VectorXd> x) {
  const double largest = x.cwiseAbs().maxCoeff();
  for (Index i = 0; i < x.size(); ++i) {
    // Entries that are equal but for rounding count as equal.
    if (std::abs(x[i]) < largest * (1.0 - 1e-6)) continue;
    if (x[i] < 0.0) x = -x;
    return;
  }
}

}  // namespace

LaplacianVectors laplacianVectors(const Adjacency& graph, std::size_t columns) {
  LaplacianVectors result;
  result.vectors.assign(graph.nodes() * columns, 0.0F);
  if (graph.nodes() == 0 || columns == 0) return result;
  const std::optional<Pairs> small = ofTwoSides(graph, at(columns));
  const Pairs pairs = small ? *small : bySubspaces(graph, at(columns));
  for (Index c = 0; c < pairs.values.size(); ++c) {
    VectorXd x = pairs.vectors.col(c);
    fixSign(x);
    result.values.push_back(1.0 - pairs.values[c]);
    for (std::size_t n = 0; n < graph.nodes(); ++n) {
      result.vectors[n * columns + static_cast<std::size_t>(c)] = static_cast<float>(x[at(n)]);
    }
  }
  return result;
}

}  // namespace ecumene::data::batch
