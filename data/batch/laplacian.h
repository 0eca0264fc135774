// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "data/batch/encodings.h"

// Shape letters: N nodes, K columns.
namespace ecumene::data::batch {

/// Eigenvectors of the symmetric normalised Laplacian 1 - D^-1/2 A D^-1/2 (Chung 1997, Spectral Graph Theory, 1.2; its
/// row is zero at a node without edges) with the smallest eigenvalues after the trivial ones, of which each connected
/// component has one. Of unit length; the sign, which is free, makes the first of the largest entries positive.
struct LaplacianVectors {
  std::vector<double> values;  ///< ascending; fewer than asked for where the graph has no more
  std::vector<float> vectors;  ///< [N, K]: zero in columns without a value
};
/// Dense algebra where the graph is small and has two sides, else a block Krylov space with full orthogonalisation
/// (Golub & Underwood 1977, Mathematical Software III), exact to residuals of 1e-9. The same bytes for the same graph.
LaplacianVectors laplacianVectors(const Adjacency& graph, std::size_t columns);

}  // namespace ecumene::data::batch
