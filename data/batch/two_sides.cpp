// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/batch/eigenpairs.h"

namespace ecumene::data::batch {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

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

}  // namespace

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

}  // namespace ecumene::data::batch
