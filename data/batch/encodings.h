// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

// Shape letters: N nodes, K columns.
namespace ecumene::data::batch {

/// An undirected graph without loops or double edges: the neighbours of node n are neighbour[first[n] .. first[n + 1]).
struct Adjacency {
  std::vector<std::size_t> first;      ///< [N + 1]
  std::vector<std::size_t> neighbour;  ///< [2 x edges]
  [[nodiscard]] std::size_t nodes() const { return first.size() - 1; }
  [[nodiscard]] std::size_t degree(std::size_t node) const { return first[node + 1] - first[node]; }
  [[nodiscard]] std::span<const std::size_t> of(std::size_t node) const {
    return {neighbour.data() + first[node], degree(node)};
  }
};
/// Of edges given once each, in any order.
Adjacency adjacencyOf(std::size_t nodes, std::span<const std::pair<std::size_t, std::size_t>> edges);

/// Probability that a walk which takes each edge of its node equally often is back after 1, 2, .. `columns` steps, [N,
/// K]. 0 at nodes without edges. In a bipartite graph the odd columns are 0.
std::vector<float> returnProbabilities(const Adjacency& graph, std::size_t columns);

inline constexpr std::uint8_t kUnconnected = 255;
/// Edges on the shortest path between two nodes, [N, N]; at most 254, kUnconnected where there is none.
std::vector<std::uint8_t> shortestPaths(const Adjacency& graph);

}  // namespace ecumene::data::batch
