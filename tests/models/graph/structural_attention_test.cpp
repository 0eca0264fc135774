// SPDX-License-Identifier: Apache-2.0
// Truth: loops over queries, keys and edges, and finite differences.
#include "models/graph/structural_attention.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/gradient_check.h"
#include "tests/models/graph/networks.h"

namespace ecumene::models::graph {
namespace {

constexpr std::int64_t kNodes = 7, kHeads = 2, kWidth = 3, kColumns = 4, kClasses = 5, kEdges = 6;

/// A path 0-1-2-3-4-5 with node 6 alone; edges 0..2 in both directions.
GraphStructure path() {
  GraphStructure structure;
  structure.distance_nn = torch::zeros({kNodes, kNodes}, torch::kUInt8);
  for (std::int64_t t = 0; t < kNodes; ++t) {
    for (std::int64_t s = 0; s < kNodes; ++s) {
      const bool alone = (t == 6) != (s == 6);
      structure.distance_nn[t][s] = alone ? kUnconnected : std::abs(t - s);
    }
  }
  structure.laplacian_nK = wave({kNodes, kColumns}, 0.9);
  structure.source_E = torch::tensor(std::vector<std::int64_t>{0, 1, 1, 2, 2, 3});
  structure.target_E = torch::tensor(std::vector<std::int64_t>{1, 0, 2, 1, 3, 2});
  return structure;
}

struct Leaves : torch::nn::Module {
  explicit Leaves(torch::ScalarType type = torch::kFloat64) {
    q = register_parameter("q", wave({kNodes, kHeads, kWidth}, 0.1, type));
    k = register_parameter("k", wave({kNodes, kHeads, kWidth}, 0.2, type));
    v = register_parameter("v", wave({kNodes, kHeads, kWidth}, 0.3, type));
    bias.path_HP = register_parameter("path", wave({kHeads, kClasses}, 0.4, type));
    bias.spectral_HK = register_parameter("spectral", wave({kHeads, kColumns}, 0.5, type));
    bias.edge_HE = register_parameter("edge", wave({kHeads, kEdges}, 0.6, type));
  }
  torch::Tensor q, k, v;
  StructuralBias bias;
};

/// Weights [H, n, n] by loops.
torch::Tensor naiveWeights(const Leaves& of, const GraphStructure& structure) {
  torch::Tensor weights = torch::zeros({kHeads, kNodes, kNodes}, torch::kFloat64);
  for (std::int64_t h = 0; h < kHeads; ++h) {
    for (std::int64_t t = 0; t < kNodes; ++t) {
      for (std::int64_t s = 0; s < kNodes; ++s) {
        double score = 0.0;
        for (std::int64_t d = 0; d < kWidth; ++d) score += (of.q[t][h][d] * of.k[s][h][d]).item<double>();
        score /= std::sqrt(static_cast<double>(kWidth));
        // Classes: 0, 1, 2 edges, more, not connected.
        const std::int64_t distance = structure.distance_nn[t][s].item<std::int64_t>();
        score += of.bias.path_HP[h][distance == kUnconnected ? 4 : distance > 2 ? 3 : distance].item<double>();
        for (std::int64_t c = 0; c < kColumns; ++c) {
          const torch::Tensor product = structure.laplacian_nK[t][c] * structure.laplacian_nK[s][c];
          score += (of.bias.spectral_HK[h][c] * product).item<double>();
        }
        for (std::int64_t e = 0; e < kEdges; ++e) {
          if (structure.target_E[e].item<std::int64_t>() != t) continue;
          if (structure.source_E[e].item<std::int64_t>() != s) continue;
          score += of.bias.edge_HE[h][e].item<double>();
        }
        weights[h][t][s] = std::exp(score);
      }
    }
  }
  return weights / weights.sum(-1, true);
}

TEST(StructuralAttention, IsWhatLoopsGive) {
  const Leaves of;
  const GraphStructure structure = path();
  const torch::NoGradGuard noGradients;
  const torch::Tensor weights = naiveWeights(of, structure);
  const torch::Tensor expected = torch::matmul(weights, of.v.transpose(0, 1)).transpose(0, 1).reshape({kNodes, -1});
  for (const std::int64_t scoresAtOnce : {1, 30, 1000}) {
    layers::AttentionRecord record;
    const torch::Tensor found = structuralAttention(of.q, of.k, of.v, structure, of.bias, &record, scoresAtOnce);
    EXPECT_TRUE(torch::allclose(found, expected, 0.0, 1e-12)) << scoresAtOnce;
    EXPECT_TRUE(torch::allclose(record.weights_BHTS[0], weights.to(torch::kFloat32), 0.0, 1e-6)) << scoresAtOnce;
  }
}

TEST(StructuralAttention, GradientsMatchDifferencesInOneChunkAndInMany) {
  const GraphStructure structure = path();
  for (const std::int64_t scoresAtOnce : {1, 30, 1000}) {
    Leaves of;
    expectGradientsMatchDifferences(
        of, [&] { return weighed(structuralAttention(of.q, of.k, of.v, structure, of.bias, nullptr, scoresAtOnce)); });
    for (const auto& leaf : of.named_parameters())
      EXPECT_GT(leaf->grad().abs().max().item<double>(), 0.0) << leaf.key();
  }
}

TEST(StructuralAttention, NarrowTypesKeepBiasAndSoftmaxWide) {
  const GraphStructure structure = path();
  const Leaves of;
  const torch::NoGradGuard noGradients;
  const torch::Tensor exact = structuralAttention(of.q, of.k, of.v, structure, of.bias);
  const auto narrow = [](const torch::Tensor& x) { return x.to(torch::kBFloat16); };
  const StructuralBias bias{of.bias.path_HP.to(torch::kFloat32), of.bias.spectral_HK.to(torch::kFloat32),
                            of.bias.edge_HE.to(torch::kFloat32)};
  const torch::Tensor found = structuralAttention(narrow(of.q), narrow(of.k), narrow(of.v), structure, bias);
  EXPECT_EQ(found.scalar_type(), torch::kBFloat16);
  EXPECT_TRUE(torch::allclose(found.to(torch::kFloat64), exact, 0.0, 0.03));
}

}  // namespace
}  // namespace ecumene::models::graph
