// SPDX-License-Identifier: Apache-2.0
#include "models/graph/structural_attention.h"

#include <ATen/record_function.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "models/graph/graph.h"
#include "models/layers/checkpointed.h"
#include "models/layers/precision.h"

namespace ecumene::models::graph {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// All tensors of one call, heads first; the constants of the graph as they came.
struct Operands {
  torch::Tensor q_HnD, k_HnD, v_HnD;
  torch::Tensor path_HP, spectral_HK, edge_HE;
  torch::Tensor distance_nn, laplacian_nK, source_E, target_E, path_Pnn;
  torch::Tensor weights_Hnn;  ///< kept from the forward pass, or undefined
};

/// Queries [begin, end) against all keys.
class Chunk {
 public:
  Chunk(const Operands& of, std::int64_t begin, std::int64_t end) : of_(of), begin_(begin), end_(end) {
    const std::int64_t classes = of.path_HP.size(1), nodes = of.k_HnD.size(1);
    const bool isWhole = begin == 0 && end == nodes;
    path_PX_ = (isWhole && of.path_Pnn.defined()
                    ? of.path_Pnn
                    : pathClasses(of.distance_nn.slice(0, begin, end), classes, of.path_HP.scalar_type()))
                   .flatten(1);
    torch::Tensor source = of.source_E, target = of.target_E;
    if (!isWhole) {
      edges_ = ((target >= begin) & (target < end)).nonzero().squeeze(1);
      source = source.index_select(0, edges_);
      target = target.index_select(0, edges_);
    }
    pair_HE_ = ((target - begin) * nodes + source).unsqueeze(0).expand({heads(), -1});
  }

  [[nodiscard]] torch::Tensor weights() const {
    const torch::Tensor q = of_.q_HnD.slice(1, begin_, end_), k = of_.k_HnD.transpose(1, 2);
    torch::Tensor scores = torch::matmul(of_.path_HP, path_PX_);
    scores.scatter_add_(1, pair_HE_, edges_.defined() ? of_.edge_HE.index_select(1, edges_) : of_.edge_HE);
    scores = scores.view({heads(), end_ - begin_, -1});
    const torch::Tensor weighed = laplacian().unsqueeze(0) * of_.spectral_HK.unsqueeze(1);
    scores.baddbmm_(weighed, of_.laplacian_nK.t().unsqueeze(0).expand({heads(), -1, -1}));
    if (q.scalar_type() == scores.scalar_type()) {
      scores.baddbmm_(q, k, 1.0, scale());
    } else {
      scores.add_(torch::matmul(q, k).to(scores.scalar_type()), scale());
    }
    return torch::softmax(scores, -1);
  }

  [[nodiscard]] torch::Tensor read(const torch::Tensor& weights) const {
    return torch::matmul(weights.to(of_.v_HnD.scalar_type()), of_.v_HnD);
  }

  /// Adds what the gradient of this chunk's output gives to that of each operand.
  void backward(const torch::Tensor& gradient_HxD, Operands& to) const {
    const torch::Tensor weight = of_.weights_Hnn.defined() ? of_.weights_Hnn : weightsAgain();
    const torch::Tensor narrow = weight.to(of_.v_HnD.scalar_type());
    to.v_HnD.add_(torch::matmul(narrow.transpose(1, 2), gradient_HxD));
    const torch::Tensor ofWeight = torch::matmul(gradient_HxD, of_.v_HnD.transpose(1, 2)).to(weight.scalar_type());
    const torch::Tensor ofScores = at::_softmax_backward_data(ofWeight, weight, -1, weight.scalar_type());
    const torch::Tensor ofProducts = ofScores.to(of_.q_HnD.scalar_type());
    to.q_HnD.slice(1, begin_, end_).copy_(torch::matmul(ofProducts, of_.k_HnD).mul_(scale()));
    const torch::Tensor toKey = torch::matmul(ofProducts.transpose(1, 2), of_.q_HnD.slice(1, begin_, end_));
    to.k_HnD.add_(toKey, scale());
    const torch::Tensor pairs_HX = ofScores.reshape({heads(), -1});
    to.path_HP.add_(torch::matmul(pairs_HX, path_PX_.t()));
    to.spectral_HK.add_((torch::matmul(ofScores, of_.laplacian_nK) * laplacian()).sum(1));
    const torch::Tensor ofEdges = pairs_HX.gather(1, pair_HE_);
    if (edges_.defined()) {
      to.edge_HE.index_copy_(1, edges_, ofEdges);
    } else {
      to.edge_HE.copy_(ofEdges);
    }
  }

 private:
  [[nodiscard]] torch::Tensor weightsAgain() const {
    RECORD_USER_SCOPE(layers::kRecomputed);
    return weights();
  }
  [[nodiscard]] std::int64_t heads() const { return of_.q_HnD.size(0); }
  [[nodiscard]] double scale() const { return 1.0 / std::sqrt(static_cast<double>(of_.q_HnD.size(2))); }
  [[nodiscard]] torch::Tensor laplacian() const { return of_.laplacian_nK.slice(0, begin_, end_); }

  const Operands& of_;
  std::int64_t begin_, end_;
  torch::Tensor path_PX_;  ///< 1 where the pair, X = query and key, is of the path class
  torch::Tensor edges_;    ///< into the chunk; undefined: all
  torch::Tensor pair_HE_;
};

/// Calls visit(begin, end) for chunks of queries.
template <class Visit>
void eachChunk(const Operands& of, std::int64_t scoresAtOnce, const Visit& visit) {
  const std::int64_t nodes = of.q_HnD.size(1), arrays = std::max(of.path_HP.size(0), of.path_HP.size(1));
  const std::int64_t rows = std::clamp<std::int64_t>(scoresAtOnce / (arrays * nodes), 1, nodes);
  for (std::int64_t begin = 0; begin < nodes; begin += rows) visit(begin, std::min(begin + rows, nodes));
}

Operands operands(const variable_list& saved) {
  return {saved[0], saved[1], saved[2], saved[3], saved[4],  saved[5],
          saved[6], saved[7], saved[8], saved[9], saved[10], saved[11]};
}

class Attention : public torch::autograd::Function<Attention> {
 public:
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& q, const torch::Tensor& k,
                               const torch::Tensor& v, const torch::Tensor& path, const torch::Tensor& spectral,
                               const torch::Tensor& edge, const torch::Tensor& distance, const torch::Tensor& laplacian,
                               const torch::Tensor& source, const torch::Tensor& target,
                               const std::optional<torch::Tensor>& paths, std::int64_t scoresAtOnce) {
    const Operands of{
        q, k, v, path, spectral, edge, distance, laplacian, source, target, paths.value_or(torch::Tensor()), {}};
    const std::int64_t nodes = q.size(1), pairs = q.size(0) * nodes * nodes;
    torch::Tensor out = torch::empty_like(q), kept;
    eachChunk(of, scoresAtOnce, [&](std::int64_t begin, std::int64_t end) {
      const Chunk chunk(of, begin, end);
      const torch::Tensor weights = chunk.weights();
      out.slice(1, begin, end).copy_(chunk.read(weights));
      if (end - begin == nodes && pairs <= kKeptScores) kept = weights;
    });
    context->save_for_backward({q, k, v, path, spectral, edge, distance, laplacian, source, target, of.path_Pnn, kept});
    context->saved_data["scoresAtOnce"] = scoresAtOnce;
    return out;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const Operands of = operands(context->get_saved_variables());
    Operands to;
    to.q_HnD = torch::empty_like(of.q_HnD);
    to.k_HnD = torch::zeros_like(of.k_HnD);
    to.v_HnD = torch::zeros_like(of.v_HnD);
    to.path_HP = torch::zeros_like(of.path_HP);
    to.spectral_HK = torch::zeros_like(of.spectral_HK);
    to.edge_HE = torch::zeros_like(of.edge_HE);
    eachChunk(of, context->saved_data["scoresAtOnce"].toInt(), [&](std::int64_t begin, std::int64_t end) {
      Chunk(of, begin, end).backward(gradients[0].slice(1, begin, end), to);
    });
    return {to.q_HnD, to.k_HnD, to.v_HnD, to.path_HP, to.spectral_HK, to.edge_HE, {}, {}, {}, {}, {}, {}};
  }
};

}  // namespace

torch::Tensor pathClasses(const torch::Tensor& distance, std::int64_t classes, torch::ScalarType type) {
  const torch::Tensor bounded = distance.clamp_max(classes - 2).masked_fill(distance == kUnconnected, classes - 1);
  return (bounded.unsqueeze(0) == torch::arange(classes, distance.options()).view({-1, 1, 1})).to(type);
}

torch::Tensor structuralAttention(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                                  const GraphStructure& structure, const StructuralBias& bias,
                                  layers::AttentionRecord* record, std::int64_t scoresAtOnce) {
  // Bias and softmax are float32 at least; autocast would narrow their products.
  const c10::impl::ExcludeDispatchKeyGuard noAutocast(c10::autocast_dispatch_keyset);
  const auto wide = layers::atLeastFloat32(q.scalar_type());
  const Operands of{q.transpose(0, 1).contiguous(),
                    k.transpose(0, 1).contiguous(),
                    v.transpose(0, 1).contiguous(),
                    bias.path_HP.to(wide),
                    bias.spectral_HK.to(wide),
                    bias.edge_HE.to(wide),
                    structure.distance_nn,
                    structure.laplacian_nK.to(wide),
                    structure.source_E,
                    structure.target_E,
                    structure.path_Pnn,
                    {}};
  if (record != nullptr) {
    const torch::NoGradGuard noGradients;
    std::vector<torch::Tensor> weights;
    eachChunk(of, scoresAtOnce,
              [&](std::int64_t begin, std::int64_t end) { weights.push_back(Chunk(of, begin, end).weights()); });
    record->weights_BHTS = torch::cat(weights, 1).unsqueeze(0).to(torch::kFloat32);
  }
  // Undefined tensors cannot be arguments of an autograd function.
  const std::optional<torch::Tensor> paths = of.path_Pnn.defined() ? std::optional(of.path_Pnn) : std::nullopt;
  const torch::Tensor out =
      Attention::apply(of.q_HnD, of.k_HnD, of.v_HnD, of.path_HP, of.spectral_HK, of.edge_HE, of.distance_nn,
                       of.laplacian_nK, of.source_E, of.target_E, paths, scoresAtOnce);
  return out.transpose(0, 1).reshape({q.size(0), -1});
}

}  // namespace ecumene::models::graph
