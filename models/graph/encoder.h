// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/graph/graph.h"
#include "models/graph/structural_attention.h"

namespace ecumene::models::graph {

/// One graph among others: its nodes are [begin, end), its edges [firstEdge, lastEdge).
struct KeptGraph {
  std::int64_t sample = 0;  ///< in the batch
  std::int64_t begin = 0, end = 0;
  std::int64_t firstEdge = 0, lastEdge = 0;
  std::int64_t archetype = -1;
  GraphStructure structure;
};

/// The graphs of a batch that are kept and have nodes; of the others nothing is left. Edges stand graph after graph.
struct KeptGraphs {
  std::vector<KeptGraph> graphs;
  torch::Tensor nodes_NF, laplacian_NK, degree_N, randomWalk_NK, kind_N, vocabularyRow_N, coefficient_E;
};
KeptGraphs keptGraphs(const GraphInput& input);

/// A node's features, degree, return probabilities, eigenvectors and vocabulary row as one vector. Eigenvectors go
/// through f(v) + f(-v), f of its own for each (Lim et al. 2022, arXiv 2202.13013), so their signs do not matter.
class NodeEmbedding : public torch::nn::Module {
 public:
  NodeEmbedding(const layers::Init& init, std::int64_t width, std::int64_t rowWidth);
  /// rows [R, Z] of the decoder's vocabulary -> [N, C].
  [[nodiscard]] torch::Tensor forward(const KeptGraphs& graphs, const torch::Tensor& rows_RZ) const;

 private:
  torch::Tensor slope_KJ_, offset_KJ_;
  std::shared_ptr<layers::Linear> in_, row_;
};

/// Pre-norm: attention among the nodes of each graph, then SwiGLU, both scaled by channel.
class GraphLayer;

/// A small bottleneck for each archetype that is added to its nodes; imported networks pass unchanged.
class ArchetypeAdapter;

/// States of all nodes of the kept graphs, normalised. At least one graph.
class GraphEncoder : public torch::nn::Module {
 public:
  GraphEncoder(const layers::Init& init, const spec::GraphSpec& spec);
  torch::Tensor forward(KeptGraphs graphs, const torch::Tensor& rows_RZ);  ///< [N, C]
  void recordTo(std::size_t layer, layers::AttentionRecord* record);

 private:
  std::int64_t pathClasses_;
  std::shared_ptr<NodeEmbedding> embedding_;
  std::vector<std::shared_ptr<GraphLayer>> layers_;
  std::shared_ptr<ArchetypeAdapter> adapter_;
  std::shared_ptr<layers::RmsNorm> norm_;
};

}  // namespace ecumene::models::graph
