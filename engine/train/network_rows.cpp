// SPDX-License-Identifier: Apache-2.0
// Shape letters: B graphs, N nodes of all graphs, K known fluxes, R rows of the reaction vocabulary.
#include "engine/train/network_rows.h"

#include "engine/train/tensors.h"

namespace ecumene::engine::train {
namespace {

/// Standard deviations from the median to the end of a Gaussian's central interval of 50 % and 90 %.
constexpr double kHalf = 0.674490, k90 = 1.644854;

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
  const auto batch = static_cast<std::int64_t>(rows.size());
  const torch::Tensor first = torch::tensor(input.first, torch::kInt64);
  const torch::Tensor graph_N = torch::repeat_interleave(torch::arange(batch), first.diff()).to(input.flux_N.device());
  const torch::Tensor known_K =
      (input.fluxKnown_N & (input.vocabularyRow_N >= 0) & input.keep_B.index_select(0, graph_N)).nonzero().squeeze(1);
  const torch::Tensor graph_K = graph_N.index_select(0, known_K);
  const torch::Tensor row_K = input.vocabularyRow_N.index_select(0, known_K);
  const auto scaled = [](const torch::Tensor& flux) { return torch::asinh(flux / models::graph::kFluxUnit); };
  const auto of = [&](const torch::Tensor& x_BR) { return plain(x_BR.index({graph_K, row_K})); };
  const torch::Tensor sigma_K = torch::exp(of(output.logSigma_BR));
  const torch::Tensor off_K =
      torch::abs(scaled(plain(input.flux_N.index_select(0, known_K))) - scaled(of(output.flux_BR))) / sigma_K;
  const torch::Tensor at_K = graph_K.to(torch::kCPU);
  const auto perGraph = [&](const torch::Tensor& x_K) {
    return torch::zeros({batch}, torch::kFloat64).index_add(0, at_K, x_K.to(torch::kFloat64));
  };
  const torch::Tensor count_B = perGraph(torch::ones_like(sigma_K)), half_B = perGraph(off_K.le(kHalf)),
                      most_B = perGraph(off_K.le(k90)), width_B = perGraph(2.0 * k90 * sigma_K);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto b = static_cast<std::int64_t>(i);
    rows[i].fluxes = count_B[b].item<double>();
    rows[i].insideHalf = half_B[b].item<double>();
    rows[i].inside90 = most_B[b].item<double>();
    rows[i].widths = width_B[b].item<double>();
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
