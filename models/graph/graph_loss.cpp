// SPDX-License-Identifier: Apache-2.0
// Shape letter: K known fluxes.
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
  const KnownFluxes known = knownFluxes(input);
  const torch::Tensor target = known.flux_K.to(output.flux_BR.scalar_type());
  const torch::Tensor logSigma = known.of(output.logSigma_BR);
  const torch::Tensor error = (scaledFlux(known.of(output.flux_BR)) - scaledFlux(target)) * torch::exp(-logSigma);
  const torch::Tensor each = 0.5 * error.square() + logSigma + 0.5 * std::log(2.0 * std::numbers::pi);
  return each.sum() / static_cast<double>(std::max<std::int64_t>(each.numel(), 1));
}

torch::Tensor klLoss(const torch::Tensor& keep_B, const GraphOutput& output) {
  const torch::Tensor &mean = output.mean_BZ, &logVariance = output.logVariance_BZ;
  return meanWhere(keep_B, 0.5 * (mean.square() + logVariance.exp() - 1.0 - logVariance).sum(1));
}

}  // namespace

torch::Tensor scaledFlux(const torch::Tensor& flux) {
  return torch::asinh(flux / kFluxUnit);
}

torch::Tensor KnownFluxes::of(const torch::Tensor& x) const {
  return x.flatten().index_select(0, graph_K * x.size(1) + row_K);
}

KnownFluxes knownFluxes(const GraphInput& input) {
  const torch::Tensor ends = torch::tensor(std::vector<std::int64_t>(input.first.begin() + 1, input.first.end()),
                                           input.vocabularyRow_N.options());
  const torch::Tensor nodes = torch::arange(input.vocabularyRow_N.size(0), ends.options());
  const torch::Tensor graph_N = torch::searchsorted(ends, nodes, false, true);
  const torch::Tensor known_K =
      (input.fluxKnown_N & (input.vocabularyRow_N >= 0) & input.keep_B.index_select(0, graph_N)).nonzero().squeeze(1);
  return {input.flux_N.index_select(0, known_K), graph_N.index_select(0, known_K),
          input.vocabularyRow_N.index_select(0, known_K)};
}

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
