// SPDX-License-Identifier: Apache-2.0
#include "data/batch/laplacian.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "data/batch/eigenpairs.h"

namespace ecumene::data::batch {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

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
