// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "models/layers/attention.h"

// Shape letters: n nodes of one graph, H heads, D head width, K eigenvectors, P path classes, E edges.
namespace ecumene::models::graph {

/// What the nodes of one graph are to each other.
struct GraphStructure {
  torch::Tensor distance_nn;         ///< uint8: shortest path in edges, 255: not connected
  torch::Tensor laplacian_nK;        ///< eigenvectors, sign free
  torch::Tensor source_E, target_E;  ///< int64, edges within the graph, each once
  torch::Tensor path_Pnn;            ///< pathClasses() of the distances, where they are worth keeping; else undefined
};

/// [P, queries, n] of 1 where a pair is of the class and 0 elsewhere, of distances [queries, n]. A bias by path is a
/// matrix product with it, which adds in the same order on every device; scattered additions do not.
torch::Tensor pathClasses(const torch::Tensor& distance_nn, std::int64_t classes, torch::ScalarType type);

/// Learned terms that are added to the scores of each head.
struct StructuralBias {
  torch::Tensor path_HP;      ///< by path: 0, 1 .. P - 3 edges, more, not connected
  torch::Tensor spectral_HK;  ///< times v_k(query) v_k(key): near in the eigenvector, whatever its sign
  torch::Tensor edge_HE;      ///< where the query is an edge's target and the key its source
};

/// Numbers that are held at once for a chunk of queries, over all heads or path classes: 64 MiB in float32.
inline constexpr std::int64_t kScoresAtOnce = std::int64_t{1} << 24U;

/// Weights of graphs with fewer pairs, over all heads, are kept for the backward pass; larger ones are made anew there.
inline constexpr std::int64_t kKeptScores = std::int64_t{1} << 20U;

/// softmax(q k^T / sqrt(D) + bias) v among the nodes of one graph, [n, H, D] -> [n, H * D], queries in chunks, so
/// that memory grows with n, not its square. Gradients reach q, k, v and the bias.
/// With a record the weights [1, H, n, n] are kept there.
torch::Tensor structuralAttention(const torch::Tensor& q_nHD, const torch::Tensor& k_nHD, const torch::Tensor& v_nHD,
                                  const GraphStructure& structure, const StructuralBias& bias,
                                  layers::AttentionRecord* record = nullptr, std::int64_t scoresAtOnce = kScoresAtOnce);

}  // namespace ecumene::models::graph
