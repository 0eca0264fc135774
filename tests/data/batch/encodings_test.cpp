// SPDX-License-Identifier: Apache-2.0
#include "data/batch/encodings.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/data/batch/graphs.h"

namespace ecumene::data::batch {
namespace {

// On K_n the walk is back after k + 1 steps with p(k + 1) = (1 - p(k)) / (n - 1), p(0) = 1.
TEST(ReturnProbabilities, CompleteGraphFollowsItsRecurrence) {
  for (const std::size_t nodes : {3U, 7U}) {
    const std::vector<float> found = returnProbabilities(graphOf(nodes, completeEdges(nodes)), 8);
    double expected = 1.0;
    for (std::size_t k = 0; k < 8; ++k) {
      expected = (1.0 - expected) / static_cast<double>(nodes - 1);
      for (std::size_t n = 0; n < nodes; ++n) EXPECT_NEAR(found[n * 8 + k], expected, 1e-6) << k;
    }
  }
}

TEST(ReturnProbabilities, AgreeWithPowersOfTheTransitionMatrix) {
  // Irregular, with a triangle and a node alone.
  const Adjacency graph = graphOf(7, {{0, 1}, {1, 2}, {2, 0}, {2, 3}, {3, 4}, {3, 5}});
  constexpr std::size_t kNodes = 7;
  const std::vector<float> found = returnProbabilities(graph, 8);
  std::vector<double> power(kNodes * kNodes, 0.0);
  for (std::size_t n = 0; n < kNodes; ++n) power[n * kNodes + n] = 1.0;
  for (std::size_t k = 0; k < 8; ++k) {
    std::vector<double> next(kNodes * kNodes, 0.0);
    for (std::size_t i = 0; i < kNodes; ++i) {
      for (std::size_t j = 0; j < kNodes; ++j) {
        for (const std::size_t m : graph.of(j)) {
          next[i * kNodes + m] += power[i * kNodes + j] / static_cast<double>(graph.degree(j));
        }
      }
    }
    power = next;
    for (std::size_t n = 0; n < kNodes; ++n)
      EXPECT_NEAR(found[n * 8 + k], power[n * kNodes + n], 1e-6) << n << " " << k;
  }
}

TEST(ShortestPaths, AreThoseOfPathAndCycle) {
  const std::vector<std::uint8_t> path = shortestPaths(graphOf(300, pathEdges(300)));
  const std::vector<std::uint8_t> cycle = shortestPaths(graphOf(10, cycleEdges(10)));
  for (std::size_t a = 0; a < 300; ++a) {
    for (std::size_t b = 0; b < 300; ++b) {
      const std::size_t steps = a > b ? a - b : b - a;
      EXPECT_EQ(path[a * 300 + b], std::min<std::size_t>(steps, 254));
      if (a < 10 && b < 10) {
        EXPECT_EQ(cycle[a * 10 + b], std::min(steps, 10 - steps));
      }
    }
  }
}

TEST(ShortestPaths, UnconnectedNodesAreMarked) {
  const std::vector<std::uint8_t> found = shortestPaths(graphOf(3, {{0, 1}}));
  EXPECT_EQ(found, (std::vector<std::uint8_t>{0, 1, 255, 1, 0, 255, 255, 255, 0}));
}

}  // namespace
}  // namespace ecumene::data::batch
