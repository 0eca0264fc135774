// SPDX-License-Identifier: Apache-2.0
#include "models/graph/encoder.h"

#include <cmath>
#include <string>

#include "models/layers/dropout.h"
#include "models/layers/precision.h"

namespace ecumene::models::graph {

using layers::add;
using layers::Init;

namespace {

constexpr std::int64_t kSignWidth = 8;  ///< values that f gives for each eigenvector
constexpr std::int64_t kEdgeFeatures = 4;

/// 0 .. largest edges, more, not connected.
std::int64_t pathClassesOf(const spec::GraphSpec& spec) {
  return spec.largestDistance + 3;
}

/// What a head may know of an edge: substrate, product, member of a compartment, and how many are turned over.
torch::Tensor edgeFeatures(const torch::Tensor& coefficient_E) {
  const auto type = coefficient_E.scalar_type();
  return torch::stack({(coefficient_E < 0).to(type), (coefficient_E > 0).to(type), (coefficient_E == 0).to(type),
                       coefficient_E.sign() * coefficient_E.abs().log1p()},
                      0);
}

}  // namespace

NodeEmbedding::NodeEmbedding(const Init& init, std::int64_t width, std::int64_t rowWidth)
    : in_(add<layers::Linear>(*this, init, "in", kNodeFeatures + 1 + kEncodings + kEncodings * kSignWidth, width)),
      row_(add<layers::Linear>(*this, init, "row", rowWidth, width, false)) {
  slope_KJ_ = register_parameter("slope", init.normal("slope", {kEncodings, kSignWidth}, 1.0));
  offset_KJ_ = register_parameter("offset", init.normal("offset", {kEncodings, kSignWidth}, 1.0));
}

torch::Tensor NodeEmbedding::forward(const KeptGraphs& graphs, const torch::Tensor& rows) const {
  const torch::Tensor steep = graphs.laplacian_NK.unsqueeze(2) * slope_KJ_;
  const torch::Tensor even = torch::gelu(offset_KJ_ + steep) + torch::gelu(offset_KJ_ - steep);
  const torch::Tensor x = in_->forward(
      torch::cat({graphs.nodes_NF, graphs.degree_N.log1p().unsqueeze(1), graphs.randomWalk_NK, even.flatten(1)}, 1));
  const torch::Tensor known = (graphs.vocabularyRow_N >= 0).nonzero().squeeze(1);
  const torch::Tensor row = row_->forward(torch::embedding(rows, graphs.vocabularyRow_N.index_select(0, known)));
  return x.index_add(0, known, row.to(x.scalar_type()));
}

class GraphLayer : public torch::nn::Module, public layers::WithDropout {
 public:
  GraphLayer(const Init& init, const spec::GraphSpec& spec)
      : WithDropout(spec.dropout),
        heads_(spec.heads),
        attentionNorm_(add<layers::RmsNorm>(*this, init, "attention_norm", spec.width)),
        mlpNorm_(add<layers::RmsNorm>(*this, init, "mlp_norm", spec.width)),
        query_(add<layers::Linear>(*this, init, "query", spec.width, spec.width, false)),
        key_(add<layers::Linear>(*this, init, "key", spec.width, spec.width, false)),
        value_(add<layers::Linear>(*this, init, "value", spec.width, spec.width, false)),
        out_(add<layers::Linear>(*this, init, "out", spec.width, spec.width, false)),
        mlp_(add<layers::SwiGlu>(*this, init, "mlp", spec.width, (spec.width * 8 / 3 + 15) / 16 * 16)),
        attentionScale_(add<layers::LayerScale>(*this, init, "attention_scale", spec.width, spec.layerScale)),
        mlpScale_(add<layers::LayerScale>(*this, init, "mlp_scale", spec.width, spec.layerScale)) {
    path_HP_ = register_parameter("path", init.normal("path", {heads_, pathClassesOf(spec)}, 0.5));
    spectral_HK_ = register_parameter("spectral", init.normal("spectral", {heads_, kEncodings}, 0.1));
    edge_HJ_ = register_parameter("edge", init.normal("edge", {heads_, kEdgeFeatures}, 0.5));
  }

  torch::Tensor forward(const torch::Tensor& x, const KeptGraphs& graphs, const torch::Tensor& edges_JE) {
    const torch::Tensor attended =
        x + drop(attentionScale_->forward(attend(attentionNorm_->forward(x), graphs, edges_JE)));
    return attended + drop(mlpScale_->forward(mlp_->forward(mlpNorm_->forward(attended))));
  }
  void recordTo(layers::AttentionRecord* record) { record_ = record; }

 private:
  [[nodiscard]] torch::Tensor attend(const torch::Tensor& x, const KeptGraphs& graphs,
                                     const torch::Tensor& edges_JE) const {
    const auto split = [this](const torch::Tensor& y) { return y.view({y.size(0), heads_, -1}); };
    const torch::Tensor q = split(query_->forward(x)), k = split(key_->forward(x)), v = split(value_->forward(x));
    const torch::Tensor edge_HE = torch::matmul(edge_HJ_, edges_JE);
    std::vector<torch::Tensor> attended;
    for (const KeptGraph& g : graphs.graphs) {
      const auto nodes = [&g](const torch::Tensor& y) { return y.slice(0, g.begin, g.end); };
      const StructuralBias bias{path_HP_, spectral_HK_, edge_HE.slice(1, g.firstEdge, g.lastEdge)};
      attended.push_back(structuralAttention(nodes(q), nodes(k), nodes(v), g.structure, bias, record_));
    }
    return out_->forward(torch::cat(attended));
  }
  [[nodiscard]] torch::Tensor drop(const torch::Tensor& y) const { return layers::dropout(y, dropout_, is_training()); }

  std::int64_t heads_;
  std::shared_ptr<layers::RmsNorm> attentionNorm_, mlpNorm_;
  std::shared_ptr<layers::Linear> query_, key_, value_, out_;
  std::shared_ptr<layers::SwiGlu> mlp_;
  std::shared_ptr<layers::LayerScale> attentionScale_, mlpScale_;
  torch::Tensor path_HP_, spectral_HK_, edge_HJ_;
  layers::AttentionRecord* record_ = nullptr;
};

class ArchetypeAdapter : public torch::nn::Module {
 public:
  ArchetypeAdapter(const Init& init, std::int64_t width, std::int64_t bottleneck) {
    const auto deviation = [](std::int64_t in) { return 1.0 / std::sqrt(static_cast<double>(in)); };
    down_ = register_parameter("down", init.normal("down", {kArchetypes, bottleneck, width}, deviation(width)));
    up_ = register_parameter("up", init.normal("up", {kArchetypes, width, bottleneck}, 0.1 * deviation(bottleneck)));
  }

  [[nodiscard]] torch::Tensor forward(const torch::Tensor& x, const KeptGraphs& graphs) const {
    std::vector<torch::Tensor> adapted;
    for (const KeptGraph& g : graphs.graphs) {
      const torch::Tensor nodes = x.slice(0, g.begin, g.end);
      if (g.archetype < 0) {
        adapted.push_back(nodes);
        continue;
      }
      const torch::Tensor narrow = torch::gelu(torch::matmul(nodes, down_[g.archetype].t()));
      adapted.push_back(nodes + torch::matmul(narrow, up_[g.archetype].t()));
    }
    return torch::cat(adapted);
  }

 private:
  torch::Tensor down_, up_;
};

GraphEncoder::GraphEncoder(const Init& init, const spec::GraphSpec& spec)
    : pathClasses_(pathClassesOf(spec)),
      embedding_(add<NodeEmbedding>(*this, init, "embedding", spec.width, spec.latentWidth)),
      adapter_(add<ArchetypeAdapter>(*this, init, "adapter", spec.width, spec.adapterWidth)),
      norm_(add<layers::RmsNorm>(*this, init, "norm", spec.width)) {
  for (std::int64_t layer = 0; layer < spec.layers; ++layer) {
    layers_.push_back(add<GraphLayer>(*this, init, "layer" + std::to_string(layer), spec));
  }
}

torch::Tensor GraphEncoder::forward(KeptGraphs graphs, const torch::Tensor& rows) {
  for (KeptGraph& graph : graphs.graphs) {
    const torch::Tensor& distance = graph.structure.distance_nn;
    if (pathClasses_ * distance.numel() > kKeptScores) continue;
    const auto wide = layers::atLeastFloat32(rows.scalar_type());
    graph.structure.path_Pnn = pathClasses(distance, pathClasses_, wide);
  }
  torch::Tensor x = embedding_->forward(graphs, rows);
  const torch::Tensor edges = edgeFeatures(graphs.coefficient_E);
  for (const auto& layer : layers_) x = layer->forward(x, graphs, edges);
  return norm_->forward(adapter_->forward(x, graphs));
}

void GraphEncoder::recordTo(std::size_t layer, layers::AttentionRecord* record) {
  layers_.at(layer)->recordTo(record);
}

}  // namespace ecumene::models::graph
