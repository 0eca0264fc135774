// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "data/batch/encodings.h"

namespace ecumene::data::batch {

using Edges = std::vector<std::pair<std::size_t, std::size_t>>;

inline Edges pathEdges(std::size_t nodes, std::size_t from = 0) {
  Edges edges;
  for (std::size_t n = 0; n + 1 < nodes; ++n) edges.emplace_back(from + n, from + n + 1);
  return edges;
}
inline Edges cycleEdges(std::size_t nodes) {
  Edges edges = pathEdges(nodes);
  edges.emplace_back(nodes - 1, 0);
  return edges;
}
inline Edges completeEdges(std::size_t nodes) {
  Edges edges;
  for (std::size_t a = 0; a < nodes; ++a) {
    for (std::size_t b = a + 1; b < nodes; ++b) edges.emplace_back(a, b);
  }
  return edges;
}
inline Adjacency graphOf(std::size_t nodes, const Edges& edges) {
  return adjacencyOf(nodes, edges);
}

}  // namespace ecumene::data::batch
