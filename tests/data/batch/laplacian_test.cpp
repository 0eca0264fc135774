// SPDX-License-Identifier: Apache-2.0
#include "data/batch/laplacian.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tests/data/batch/graphs.h"

namespace ecumene::data::batch {
namespace {

/// Largest component of L x - value x, by the definition of L, over the columns that have a value.
double worstResidual(const Adjacency& graph, const LaplacianVectors& found, std::size_t columns) {
  double worst = 0.0;
  for (std::size_t c = 0; c < found.values.size(); ++c) {
    for (std::size_t n = 0; n < graph.nodes(); ++n) {
      const auto x = [&](std::size_t node) { return static_cast<double>(found.vectors[node * columns + c]); };
      double image = graph.degree(n) > 0 ? x(n) : 0.0;
      for (const std::size_t m : graph.of(n)) {
        image -= x(m) / std::sqrt(static_cast<double>(graph.degree(n) * graph.degree(m)));
      }
      worst = std::max(worst, std::abs(image - found.values[c] * x(n)));
    }
  }
  return worst;
}

// Chung 1997, examples 1.4 and 1.5: 1 - cos(pi k / (n - 1)) of the path, 1 - cos(2 pi k / n) of the cycle.
TEST(LaplacianVectors, PathHasItsClosedFormSpectrum) {
  for (const std::size_t nodes : {5U, 12U, 60U, 200U}) {
    const Adjacency graph = graphOf(nodes, pathEdges(nodes));
    const LaplacianVectors found = laplacianVectors(graph, 8);
    ASSERT_EQ(found.values.size(), std::min<std::size_t>(8, nodes - 1));
    for (std::size_t k = 0; k < found.values.size(); ++k) {
      const double angle = std::numbers::pi * static_cast<double>(k + 1) / static_cast<double>(nodes - 1);
      EXPECT_NEAR(found.values[k], 1.0 - std::cos(angle), 1e-9) << nodes << " " << k;
      // Eigenvector: sqrt(degree) cos(angle n), of unit length but for the sign.
      double length = 0.0;
      for (std::size_t n = 0; n < nodes; ++n) {
        const double x = std::sqrt(static_cast<double>(graph.degree(n))) * std::cos(angle * static_cast<double>(n));
        length += x * x;
      }
      for (std::size_t n = 0; n < nodes; ++n) {
        const double x = std::sqrt(static_cast<double>(graph.degree(n))) * std::cos(angle * static_cast<double>(n));
        EXPECT_NEAR(std::abs(found.vectors[n * 8 + k]), std::abs(x) / std::sqrt(length), 2e-5) << nodes << " " << k;
      }
    }
  }
}

TEST(LaplacianVectors, CycleHasItsEigenvaluesTwice) {
  for (const std::size_t nodes : {9U, 40U, 101U}) {
    const Adjacency graph = graphOf(nodes, cycleEdges(nodes));
    const LaplacianVectors found = laplacianVectors(graph, 8);
    ASSERT_EQ(found.values.size(), 8U);
    for (std::size_t k = 0; k < 8; ++k) {
      const std::size_t pair = k / 2 + 1;
      const double angle = 2.0 * std::numbers::pi * static_cast<double>(pair) / static_cast<double>(nodes);
      EXPECT_NEAR(found.values[k], 1.0 - std::cos(angle), 1e-9) << nodes << " " << k;
    }
    EXPECT_LT(worstResidual(graph, found, 8), 1e-6);
  }
}

TEST(LaplacianVectors, CompleteGraphHasOneEigenvalueManyTimes) {
  const Adjacency graph = graphOf(30, completeEdges(30));
  const LaplacianVectors found = laplacianVectors(graph, 8);
  ASSERT_EQ(found.values.size(), 8U);
  for (const double value : found.values) EXPECT_NEAR(value, 30.0 / 29.0, 1e-9);
  EXPECT_LT(worstResidual(graph, found, 8), 1e-6);
}

TEST(LaplacianVectors, EachComponentHasItsOwnTrivialVector) {
  // Two paths of 4 and a node alone: the eigenvalues of the path, each twice, and no zero.
  Edges edges = pathEdges(4);
  for (const auto& edge : pathEdges(4, 4)) edges.push_back(edge);
  const Adjacency graph = graphOf(9, edges);
  const LaplacianVectors found = laplacianVectors(graph, 8);
  ASSERT_EQ(found.values.size(), 6U);
  for (std::size_t k = 0; k < 6; ++k) {
    const std::size_t pair = k / 2 + 1;
    EXPECT_NEAR(found.values[k], 1.0 - std::cos(std::numbers::pi * static_cast<double>(pair) / 3.0), 1e-9);
  }
  for (std::size_t n = 0; n < 9; ++n) {
    EXPECT_EQ(found.vectors[n * 8 + 6], 0.0F);
    EXPECT_EQ(found.vectors[n * 8 + 7], 0.0F);
  }
  for (std::size_t c = 0; c < 8; ++c) EXPECT_EQ(found.vectors[64 + c], 0.0F);
}

TEST(LaplacianVectors, VectorsAreOrthonormalAndTheSameEachTime) {
  const Adjacency graph = graphOf(64, cycleEdges(64));
  const LaplacianVectors found = laplacianVectors(graph, 8);
  for (std::size_t a = 0; a < 8; ++a) {
    for (std::size_t b = 0; b < 8; ++b) {
      double product = 0.0;
      for (std::size_t n = 0; n < 64; ++n) {
        product += static_cast<double>(found.vectors[n * 8 + a]) * static_cast<double>(found.vectors[n * 8 + b]);
      }
      EXPECT_NEAR(product, a == b ? 1.0 : 0.0, 1e-6);
    }
  }
  EXPECT_EQ(found.vectors, laplacianVectors(graph, 8).vectors);
}

TEST(LaplacianVectors, GraphsWithoutNontrivialVectorsGiveNone) {
  EXPECT_TRUE(laplacianVectors(graphOf(0, {}), 8).values.empty());
  EXPECT_TRUE(laplacianVectors(graphOf(3, {}), 8).values.empty());
  EXPECT_EQ(laplacianVectors(graphOf(2, {{0, 1}}), 8).values.size(), 1U);
}

// Complete bipartite K_{a,b}: the operator has rank 2, so all but the trivial value are 1, and one is 2 (Chung 1997,
// example 1.2).
TEST(LaplacianVectors, CompleteBipartiteGraphHasOneAlone) {
  Edges edges;
  for (std::size_t a = 0; a < 9; ++a) {
    for (std::size_t b = 9; b < 20; ++b) edges.emplace_back(a, b);
  }
  const Adjacency graph = graphOf(20, edges);
  const LaplacianVectors found = laplacianVectors(graph, 8);
  ASSERT_EQ(found.values.size(), 8U);
  for (const double value : found.values) EXPECT_NEAR(value, 1.0, 1e-9);
  EXPECT_LT(worstResidual(graph, found, 8), 1e-6);
}

// Cartesian product of two even cycles is regular with two sides: 1 - (cos a + cos b) / 2 over their angles.
TEST(LaplacianVectors, TorusHasItsClosedFormSpectrum) {
  constexpr std::size_t kWide = 12, kHigh = 10;
  Edges edges;
  std::vector<double> expected;
  for (std::size_t x = 0; x < kWide; ++x) {
    for (std::size_t y = 0; y < kHigh; ++y) {
      edges.emplace_back(x * kHigh + y, (x + 1) % kWide * kHigh + y);
      edges.emplace_back(x * kHigh + y, x * kHigh + (y + 1) % kHigh);
      const double a = 2.0 * std::numbers::pi * static_cast<double>(x) / static_cast<double>(kWide);
      const double b = 2.0 * std::numbers::pi * static_cast<double>(y) / static_cast<double>(kHigh);
      expected.push_back(1.0 - (std::cos(a) + std::cos(b)) / 2.0);
    }
  }
  std::sort(expected.begin(), expected.end());
  const Adjacency graph = graphOf(kWide * kHigh, edges);
  const LaplacianVectors found = laplacianVectors(graph, 8);
  ASSERT_EQ(found.values.size(), 8U);
  for (std::size_t k = 0; k < 8; ++k) EXPECT_NEAR(found.values[k], expected[k + 1], 1e-9);
  EXPECT_LT(worstResidual(graph, found, 8), 1e-6);
}

}  // namespace
}  // namespace ecumene::data::batch
