// SPDX-License-Identifier: Apache-2.0
// Shape letters: B graphs, K known fluxes, R rows of the reaction vocabulary.
#include "engine/train/network_rows.h"

#include "engine/train/tensors.h"

namespace ecumene::engine::train {
namespace {

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
  const torch::Tensor estimate_K = models::graph::scaledFlux(plain(known.of(output.flux_BR)));
  const torch::Tensor off_K = torch::abs(models::graph::scaledFlux(plain(known.flux_K)) - estimate_K) / sigma_K;
  const torch::Tensor graph_K = known.graph_K.to(torch::kCPU);
  for (std::int64_t k = 0; k < off_K.size(0); ++k) {
    report::NetworkRow& row = rows.at(static_cast<std::size_t>(graph_K[k].item<std::int64_t>()));
    row.off.push_back(off_K[k].item<float>());
    row.deviations += sigma_K[k].item<double>();
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

}  // namespace ecumene::engine::train
