// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "models/graph/biochemistry.h"
#include "models/graph/graph.h"

namespace ecumene::models::graph {
namespace {

/// Mean of the values where `has`, zero where none has; what stands elsewhere has no influence.
torch::Tensor meanWhere(const torch::Tensor& has, const torch::Tensor& values) {
  const torch::Tensor count = has.sum().clamp_min(1).to(values.scalar_type());
  return (values * has.to(values.scalar_type())).sum() / count;
}

torch::Tensor reactionLoss(const torch::Tensor& has_B, const torch::Tensor& logits, const torch::Tensor& target) {
  const torch::Tensor clean = target.to(logits.scalar_type()).masked_fill(has_B.logical_not().unsqueeze(1), 0.0);
  const torch::Tensor each = torch::binary_cross_entropy_with_logits(logits, clean, {}, {}, at::Reduction::None);
  return meanWhere(has_B, each.mean(1));
}

torch::Tensor fluxLoss(const GraphInput& input, const GraphOutput& output) {
  if (!input.flux_N.defined()) return output.flux_BR.sum() * 0.0;
  const torch::Tensor ends =
      torch::tensor(std::vector<std::int64_t>(input.first.begin() + 1, input.first.end()), input.kind_N.options());
  const torch::Tensor nodes = torch::arange(input.kind_N.size(0), input.kind_N.options());
  const torch::Tensor graph_N = torch::searchsorted(ends, nodes, false, true);
  const torch::Tensor known_N =
      input.fluxKnown_N & (input.vocabularyRow_N >= 0) & input.keep_B.index_select(0, graph_N);
  const torch::Tensor known = known_N.nonzero().squeeze(1);
  const torch::Tensor graph = graph_N.index_select(0, known), row = input.vocabularyRow_N.index_select(0, known);
  const auto at = [&](const torch::Tensor& x_BR) { return x_BR.flatten().index_select(0, graph * x_BR.size(1) + row); };
  const torch::Tensor target = input.flux_N.index_select(0, known).to(output.flux_BR.scalar_type());
  const torch::Tensor logSigma = at(output.logSigma_BR);
  const auto scaled = [](const torch::Tensor& flux) { return torch::asinh(flux / kFluxUnit); };
  const torch::Tensor error = (scaled(at(output.flux_BR)) - scaled(target)) * torch::exp(-logSigma);
  const torch::Tensor each = 0.5 * error.square() + logSigma + 0.5 * std::log(2.0 * std::numbers::pi);
  return each.sum() / static_cast<double>(std::max<std::int64_t>(each.numel(), 1));
}

torch::Tensor klLoss(const torch::Tensor& keep_B, const GraphOutput& output) {
  const torch::Tensor &mean = output.mean_BZ, &logVariance = output.logVariance_BZ;
  return meanWhere(keep_B, 0.5 * (mean.square() + logVariance.exp() - 1.0 - logVariance).sum(1));
}

}  // namespace

GraphLoss graphLoss(const GraphInput& input, const GraphOutput& output, const ReactionVocabulary& vocabulary) {
  // Sums over hundreds of rows that have to cancel.
  const c10::impl::ExcludeDispatchKeyGuard noAutocast(c10::autocast_dispatch_keyset);
  const torch::Tensor keep = input.keep_B;
  const torch::Tensor held = input.reactions_BR.masked_fill(keep.logical_not().unsqueeze(1), 0.0);
  const torch::Tensor known = keep & (held.sum(1) > 0);
  const torch::Tensor expected = torch::sigmoid(output.reactionLogits_BR) * output.flux_BR;
  return {reactionLoss(known, output.reactionLogits_BR, held),
          fluxLoss(input, output),
          klLoss(keep, output),
          meanWhere(known, massImbalance(vocabulary, expected)),
          meanWhere(known, elementImbalance(vocabulary, expected)),
          meanWhere(known, againstDirection(vocabulary, expected))};
}

}  // namespace ecumene::models::graph
