// SPDX-License-Identifier: Apache-2.0
// Shape letters: B graphs, K known fluxes, R rows of the reaction vocabulary.
#include "engine/train/network_rows.h"

#include "engine/train/tensors.h"

namespace ecumene::engine::train {
namespace {

static_assert(report::kFluxUnit == models::graph::kFluxUnit);

void addSets(const models::graph::GraphInput& input, const models::graph::GraphOutput& output,
             std::vector<report::NetworkRow>& rows) {
  const torch::Tensor decoded_BR = output.reactionLogits_BR.gt(0.0), true_BR = input.reactions_BR.gt(0.5);
  const torch::Tensor both_B = plain(decoded_BR.logical_and(true_BR).sum(1));
  const torch::Tensor decoded_B = plain(decoded_BR.sum(1)), true_B = plain(true_BR.sum(1));
  const torch::Tensor keep_B = input.keep_B.to(torch::kCPU);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto b = static_cast<std::int64_t>(i);
    const double size = true_B[b].item<double>();
    if (!keep_B[b].item<bool>() || size == 0.0) continue;
    rows[i].setF1 = 2.0 * both_B[b].item<double>() / (decoded_B[b].item<double>() + size);
  }
}

void addFluxes(const models::graph::GraphInput& input, const models::graph::GraphOutput& output,
               std::vector<report::NetworkRow>& rows) {
  if (!input.flux_N.defined()) return;
  const models::graph::KnownFluxes known = models::graph::knownFluxes(input);
  const torch::Tensor sigma_K = plain(torch::exp(known.of(output.logSigma_BR)));
  const torch::Tensor median_K = plain(known.of(output.flux_BR)), flux_K = plain(known.flux_K);
  const torch::Tensor off_K =
      torch::abs(models::graph::scaledFlux(flux_K) - models::graph::scaledFlux(median_K)) / sigma_K;
  const torch::Tensor graph_K = known.graph_K.to(torch::kCPU), row_K = known.row_K.to(torch::kCPU);
  for (std::int64_t k = 0; k < off_K.size(0); ++k) {
    report::NetworkRow& row = rows.at(static_cast<std::size_t>(graph_K[k].item<std::int64_t>()));
    row.off.push_back(off_K[k].item<float>());
    row.deviations += sigma_K[k].item<double>();
    row.fluxes.push_back({row_K[k].item<std::int64_t>(), flux_K[k].item<float>(), median_K[k].item<float>()});
  }
}

}  // namespace

std::vector<report::NetworkRow> networkRows(const models::graph::GraphInput& input,
                                            const models::graph::GraphOutput& output) {
  const torch::NoGradGuard noGradients;
  std::vector<report::NetworkRow> rows(static_cast<std::size_t>(input.keep_B.size(0)));
  addSets(input, output, rows);
  addFluxes(input, output, rows);
  return rows;
}

std::vector<std::vector<report::FluxEstimate>> fluxEstimates(const models::graph::GraphInput& input,
                                                             const models::graph::GraphOutput& output,
                                                             const data::batch::ReactionVocabulary& vocabulary) {
  const torch::NoGradGuard noGradients;
  const torch::Tensor median_BR = plain(output.flux_BR), sigma_BR = plain(torch::exp(output.logSigma_BR));
  const torch::Tensor flux_N = plain(input.flux_N), known_N = input.fluxKnown_N.to(torch::kCPU, torch::kBool);
  const torch::Tensor row_N = input.vocabularyRow_N.to(torch::kCPU), keep_B = input.keep_B.to(torch::kCPU);
  std::vector<std::vector<report::FluxEstimate>> made(static_cast<std::size_t>(keep_B.size(0)));
  for (std::size_t b = 0; b < made.size(); ++b) {
    const auto graph = static_cast<std::int64_t>(b);
    if (!keep_B[graph].item<bool>()) continue;
    for (std::int64_t n = input.first[b]; n < input.first[b + 1]; ++n) {
      const auto row = row_N[n].item<std::int64_t>();
      if (row < 0) continue;
      report::FluxEstimate& one = made[b].emplace_back();
      one.reaction = vocabulary.rows().at(static_cast<std::size_t>(row)).id;
      one.median = median_BR[graph][row].item<double>();
      one.deviation = sigma_BR[graph][row].item<double>();
      if (known_N[n].item<bool>()) one.known = flux_N[n].item<double>();
    }
  }
  return made;
}

}  // namespace ecumene::engine::train
