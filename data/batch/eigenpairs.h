// SPDX-License-Identifier: Apache-2.0
// What laplacian.cpp is made of, in Eigen's types.
#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <optional>
#include <vector>

#include "data/batch/encodings.h"

namespace ecumene::data::batch {

/// Eigenpairs of D^-1/2 A D^-1/2, its values descending.
struct Pairs {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
  double residual = 0.0;
};

/// An index of ours as Eigen's.
inline Eigen::Index at(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

/// Removes the trivial eigenvectors, sqrt(degree) on one component each.
class TrivialSpace {
 public:
  explicit TrivialSpace(const Adjacency& graph);
  [[nodiscard]] std::size_t dimension() const { return components_.size(); }
  [[nodiscard]] const std::vector<std::vector<std::size_t>>& members() const { return components_; }
  [[nodiscard]] const Eigen::VectorXd& root() const { return root_; }
  void removeFrom(Eigen::Ref<Eigen::VectorXd> x) const;

 private:
  std::vector<std::vector<std::size_t>> components_;
  Eigen::VectorXd root_;
};

/// The largest eigenvalues beside the trivial ones, `columns` of them or all that there are, to residuals of 1e-9.
Pairs bySubspaces(const Adjacency& graph, Eigen::Index columns);

/// Of a small graph of two sides with B between them the operator is [0 B; B^T 0], so its positive eigenvalues are the
/// singular values of B: a dense problem of the smaller side alone. None if the graph is not such, or has fewer.
std::optional<Pairs> ofTwoSides(const Adjacency& graph, Eigen::Index columns);

}  // namespace ecumene::data::batch
