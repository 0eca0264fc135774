// SPDX-License-Identifier: Apache-2.0
#include "models/graph/encoder.h"

namespace ecumene::models::graph {
namespace {

/// Positions of edges, graph after graph, and how many each graph of the batch has.
struct EdgeOrder {
  torch::Tensor position_E;
  std::vector<std::int64_t> first;  ///< [B + 1]
};

EdgeOrder edgeOrder(const GraphInput& input) {
  const torch::Device device = input.edgeIndex_2E.device();
  const auto batch = static_cast<std::int64_t>(input.first.size()) - 1;
  const torch::Tensor ends =
      torch::tensor(std::vector<std::int64_t>(input.first.begin() + 1, input.first.end()), torch::kInt64).to(device);
  const torch::Tensor graph_E = torch::searchsorted(ends, input.edgeIndex_2E[0].contiguous(), false, true);
  const torch::Tensor count = torch::bincount(graph_E, {}, batch).cpu();
  EdgeOrder order{torch::argsort(graph_E, true, 0, false), {0}};
  for (std::int64_t b = 0; b < batch; ++b) order.first.push_back(order.first.back() + count[b].item<std::int64_t>());
  return order;
}

}  // namespace

KeptGraphs keptGraphs(const GraphInput& input) {
  KeptGraphs kept;
  const EdgeOrder order = edgeOrder(input);
  const torch::Tensor keep = input.keep_B.cpu(), archetype = input.archetype_B.cpu();
  std::vector<torch::Tensor> nodes, edges;
  std::int64_t node = 0, edge = 0;
  for (std::size_t b = 0; b + 1 < input.first.size(); ++b) {
    const auto sample = static_cast<std::int64_t>(b);
    const std::int64_t begin = input.first[b], size = input.first[b + 1] - begin;
    if (!keep[sample].item<bool>() || size == 0) continue;
    KeptGraph graph;
    graph.sample = sample;
    graph.begin = node;
    graph.end = node += size;
    graph.firstEdge = edge;
    graph.lastEdge = edge += order.first[b + 1] - order.first[b];
    graph.archetype = archetype[sample].item<std::int64_t>();
    nodes.push_back(torch::arange(begin, begin + size, input.edgeIndex_2E.options()));
    edges.push_back(order.position_E.slice(0, order.first[b], order.first[b + 1]));
    const torch::Tensor ends = input.edgeIndex_2E.index_select(1, edges.back()) - begin;
    graph.structure = {input.distance[b], input.laplacian_NK.slice(0, begin, begin + size), ends[0], ends[1], {}};
    kept.graphs.push_back(std::move(graph));
  }
  if (kept.graphs.empty()) return kept;
  const torch::Tensor chosen = torch::cat(nodes);
  const auto of = [&](const torch::Tensor& x) { return x.index_select(0, chosen); };
  kept.nodes_NF = of(input.nodes_NF);
  kept.laplacian_NK = of(input.laplacian_NK);
  kept.degree_N = of(input.degree_N);
  kept.randomWalk_NK = of(input.randomWalk_NK);
  kept.kind_N = of(input.kind_N);
  kept.vocabularyRow_N = of(input.vocabularyRow_N);
  kept.coefficient_E = input.coefficient_E.index_select(0, torch::cat(edges));
  return kept;
}

}  // namespace ecumene::models::graph
