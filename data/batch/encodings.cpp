// SPDX-License-Identifier: Apache-2.0
#include "data/batch/encodings.h"

#include <cmath>

#include "data/base/error.h"

namespace ecumene::data::batch {

Adjacency adjacencyOf(std::size_t nodes, std::span<const std::pair<std::size_t, std::size_t>> edges) {
  Adjacency graph;
  graph.first.assign(nodes + 1, 0);
  for (const auto& [a, b] : edges) {
    if (a >= nodes || b >= nodes || a == b) throw internalError("an edge of a graph joins no two of its nodes");
    ++graph.first[a + 1];
    ++graph.first[b + 1];
  }
  for (std::size_t n = 0; n < nodes; ++n) graph.first[n + 1] += graph.first[n];
  graph.neighbour.resize(2 * edges.size());
  std::vector<std::size_t> next(graph.first.begin(), graph.first.end() - 1);
  for (const auto& [a, b] : edges) {
    graph.neighbour[next[a]++] = b;
    graph.neighbour[next[b]++] = a;
  }
  return graph;
}

std::vector<float> returnProbabilities(const Adjacency& graph, std::size_t columns) {
  const std::size_t nodes = graph.nodes();
  std::vector<float> result(nodes * columns, 0.0F);
  std::vector<double> scale(nodes, 0.0);
  for (std::size_t n = 0; n < nodes; ++n) {
    if (graph.degree(n) > 0) scale[n] = 1.0 / std::sqrt(static_cast<double>(graph.degree(n)));
  }
  // D^-1 A and the symmetric S = D^-1/2 A D^-1/2 have the same powers on their diagonals, and (S^(a+b))_ii is the
  // product of S^a e_i and S^b e_i: half the steps, from a front that is small at first.
  struct Front {
    std::vector<double> value;
    std::vector<std::size_t> touched;
  };
  Front now{std::vector<double>(nodes, 0.0), {}};
  Front next{std::vector<double>(nodes, 0.0), {}};
  std::vector<bool> isTouched(nodes, false);
  for (std::size_t start = 0; start < nodes; ++start) {
    now.value[start] = 1.0;
    now.touched = {start};
    for (std::size_t step = 1; 2 * step <= columns + 1; ++step) {
      for (const std::size_t n : now.touched) {
        const double carried = now.value[n] * scale[n];
        for (const std::size_t m : graph.of(n)) {
          if (!isTouched[m]) {
            isTouched[m] = true;
            next.touched.push_back(m);
          }
          next.value[m] += carried * scale[m];
        }
      }
      double odd = 0.0;
      double even = 0.0;
      for (const std::size_t m : next.touched) {
        odd += now.value[m] * next.value[m];
        even += next.value[m] * next.value[m];
        isTouched[m] = false;
      }
      result[start * columns + 2 * step - 2] = static_cast<float>(odd);
      if (2 * step <= columns) result[start * columns + 2 * step - 1] = static_cast<float>(even);
      for (const std::size_t n : now.touched) now.value[n] = 0.0;
      now.touched.clear();
      std::swap(now, next);
    }
    for (const std::size_t n : now.touched) now.value[n] = 0.0;
    now.touched.clear();
  }
  return result;
}

std::vector<std::uint8_t> shortestPaths(const Adjacency& graph) {
  constexpr std::uint8_t kFarthest = kUnconnected - 1;
  const std::size_t nodes = graph.nodes();
  std::vector<std::uint8_t> distance(nodes * nodes, kUnconnected);
  std::vector<std::size_t> queue;
  for (std::size_t start = 0; start < nodes; ++start) {
    std::uint8_t* row = distance.data() + start * nodes;
    row[start] = 0;
    queue.assign(1, start);
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const std::uint8_t here = row[queue[i]];
      for (const std::size_t n : graph.of(queue[i])) {
        if (row[n] != kUnconnected) continue;
        row[n] = here < kFarthest ? static_cast<std::uint8_t>(here + 1) : kFarthest;
        queue.push_back(n);
      }
    }
  }
  return distance;
}

}  // namespace ecumene::data::batch
