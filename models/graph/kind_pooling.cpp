// SPDX-License-Identifier: Apache-2.0
#include "models/graph/kind_pooling.h"

#include <cmath>

#include "models/layers/precision.h"

namespace ecumene::models::graph {

using layers::add;

KindPooling::KindPooling(const layers::Init& init, const spec::GraphSpec& spec)
    : heads_(spec.heads),
      tokens_(spec.tokens),
      value_(add<layers::Linear>(*this, init, "value", spec.width, spec.width, false)) {
  queries_QC_ = register_parameter("queries", init.normal("queries", {heads_ * kNodeKinds * tokens_, spec.width}, 1.0));
  position_TC_ = register_parameter("position", init.normal("position", {kNodeKinds * tokens_, spec.width}, 0.1));
}

layers::Tokens KindPooling::forward(const torch::Tensor& states, const KeptGraphs& graphs, std::int64_t batch) const {
  const std::int64_t count = tokenCount(), width = states.size(1);
  const auto wide = layers::atLeastFloat32(states.scalar_type());
  const torch::Tensor scores =
      torch::nn::functional::linear(states, queries_QC_).to(wide) / std::sqrt(static_cast<double>(width));
  const torch::Tensor scores_NHT = scores.view({-1, heads_, count});
  const torch::Tensor values = value_->forward(states).view({-1, heads_, width / heads_});
  const torch::Tensor kindOfToken = torch::arange(count, graphs.kind_N.options()).floor_divide(tokens_);
  const torch::Tensor sees_NT = graphs.kind_N.unsqueeze(1) == kindOfToken;

  std::vector<torch::Tensor> tokens(static_cast<std::size_t>(batch)), keeps(static_cast<std::size_t>(batch));
  for (const KeptGraph& g : graphs.graphs) {
    const torch::Tensor sees_nT = sees_NT.slice(0, g.begin, g.end);
    const torch::Tensor keep = sees_nT.any(0);
    // Finite, so that the softmax of a token without nodes is a number; its token is zeroed below.
    const torch::Tensor masked =
        scores_NHT.slice(0, g.begin, g.end).masked_fill(sees_nT.logical_not().unsqueeze(1), -1e9);
    const torch::Tensor weights_HTn = torch::softmax(masked, 0).permute({1, 2, 0});
    if (record_ != nullptr) {
      record_->weights_BHTS = (weights_HTn * keep.view({1, -1, 1}).to(wide)).detach().unsqueeze(0).to(torch::kFloat32);
    }
    const torch::Tensor read =
        torch::matmul(weights_HTn.to(values.scalar_type()), values.slice(0, g.begin, g.end).transpose(0, 1));
    const torch::Tensor token = read.transpose(0, 1).reshape({count, width}) + position_TC_;
    tokens[static_cast<std::size_t>(g.sample)] = token.masked_fill(keep.logical_not().unsqueeze(1), 0.0);
    keeps[static_cast<std::size_t>(g.sample)] = keep;
  }
  for (std::size_t b = 0; b < tokens.size(); ++b) {
    if (tokens[b].defined()) continue;
    tokens[b] = torch::zeros({count, width}, values.options());
    keeps[b] = torch::zeros({count}, sees_NT.options());
  }
  return {torch::stack(tokens), torch::stack(keeps)};
}

}  // namespace ecumene::models::graph
