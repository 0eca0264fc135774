// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/removal.h"

namespace ecumene::engine::inspect {
namespace {

/// [count] bool, true but at some places.
torch::Tensor allBut(const std::vector<std::int64_t>& places, std::int64_t count, const torch::Device& device) {
  const torch::Tensor kept = torch::ones({count}, torch::kBool);
  for (const std::int64_t place : places) kept[place] = false;
  return kept.to(device);
}

}  // namespace

void removePatches(models::climate::ClimateInput& input, const models::climate::PatchGrid& grid,
                   const std::vector<std::int64_t>& tokens) {
  if (tokens.empty()) return;
  const std::int64_t epochs = input.levels_BVEMYXL.size(2);
  const std::int64_t months = grid.months() / 2, rows = grid.latitudes() / 2, columns = grid.longitudes() / 2;
  input.hidden_BP = allBut(tokens, epochs * months * rows * columns, input.keep_B.device())
                        .logical_not()
                        .view({1, epochs, months, 1, rows, 1, columns, 1})
                        .expand({1, epochs, months, 2, rows, 2, columns, 2})
                        .reshape({1, -1});
}

void removeNodes(models::graph::GraphInput& input, const std::vector<std::int64_t>& nodes) {
  if (nodes.empty()) return;
  const std::int64_t count = input.nodes_NF.size(0);
  const torch::Tensor kept_N = allBut(nodes, count, input.nodes_NF.device());
  const torch::Tensor index = kept_N.nonzero().squeeze(1);
  if (index.size(0) == 0) {
    input.keep_B = torch::zeros_like(input.keep_B);
    return;
  }
  const torch::Tensor edges =
      (kept_N.index_select(0, input.edgeIndex_2E[0]) & kept_N.index_select(0, input.edgeIndex_2E[1]))
          .nonzero()
          .squeeze(1);
  const torch::Tensor place_N = kept_N.to(torch::kInt64).cumsum(0) - 1;
  const torch::Tensor left_2E = input.edgeIndex_2E.index_select(1, edges);
  input.edgeIndex_2E = torch::stack({place_N.index_select(0, left_2E[0]), place_N.index_select(0, left_2E[1])});
  input.coefficient_E = input.coefficient_E.index_select(0, edges);
  for (torch::Tensor* x : {&input.nodes_NF, &input.laplacian_NK, &input.degree_N, &input.randomWalk_NK, &input.kind_N,
                           &input.vocabularyRow_N, &input.flux_N, &input.fluxKnown_N}) {
    *x = x->index_select(0, index);
  }
  input.first = {0, index.size(0)};
  input.distance = {input.distance.front().index_select(0, index).index_select(1, index)};
}

void removeBins(models::spectrum::SpectrumInput& input, std::int64_t points, const std::vector<std::int64_t>& patches) {
  if (patches.empty()) return;
  const std::int64_t count = input.present_BP.size(1) / points;
  const torch::Tensor kept = allBut(patches, count, input.present_BP.device()).repeat_interleave(points);
  input.present_BP = input.present_BP & kept.unsqueeze(0);
}

void removePieces(models::language::LanguageInput& input, const std::vector<std::int64_t>& pieces) {
  if (pieces.empty()) return;
  torch::Tensor gone_BT = torch::zeros_like(input.keep_BT);
  for (const std::int64_t piece : pieces) gone_BT = gone_BT | (input.ids_BT == piece);
  const torch::Tensor left = gone_BT[0].logical_not().nonzero().squeeze(1);
  if (left.size(0) == 0) {
    input.keep_BT = torch::zeros_like(input.keep_BT);
    return;
  }
  for (torch::Tensor* x : {&input.ids_BT, &input.keep_BT, &input.labels_BT}) *x = x->index_select(1, left);
}

void removeScalars(models::spectrum::ScalarInput& input, const std::vector<std::int64_t>& scalars) {
  if (scalars.empty()) return;
  const torch::Tensor kept = allBut(scalars, input.present_BN.size(1), input.present_BN.device());
  input.present_BN = input.present_BN & kept.unsqueeze(0);
}

}  // namespace ecumene::engine::inspect
