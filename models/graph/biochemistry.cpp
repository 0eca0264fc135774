// SPDX-License-Identifier: Apache-2.0
#include "models/graph/biochemistry.h"

namespace ecumene::models::graph {
namespace {

/// Below this, in mmol/gDW/h, there is no flux to speak of.
constexpr double kNoFlux = 1e-9;

/// Non-zero entries of the stoichiometry, T of them.
struct Terms {
  torch::Tensor metabolite_T, row_T, coefficient_T;
};

Terms termsOf(const ReactionVocabulary& vocabulary) {
  const torch::Tensor& s = vocabulary.stoichiometry_MR;
  const torch::Tensor sparse = (s.is_sparse() ? s : s.to_sparse()).coalesce();
  return {sparse.indices()[0], sparse.indices()[1], sparse.values()};
}

/// matrix [T terms summed by metabolite] times flux: [B, M].
torch::Tensor byMetabolite(const Terms& terms, const torch::Tensor& coefficient_T, std::int64_t metabolites,
                           const torch::Tensor& flux_BR) {
  const torch::Tensor moved = flux_BR.index_select(1, terms.row_T) * coefficient_T.to(flux_BR.scalar_type());
  return torch::zeros({metabolites, flux_BR.size(0)}, moved.options()).index_add(0, terms.metabolite_T, moved.t()).t();
}

torch::Tensor share(const torch::Tensor& part, const torch::Tensor& whole) {
  return part.abs().sum(1) / (whole.sum(1) + kNoFlux);
}

}  // namespace

torch::Tensor massImbalance(const ReactionVocabulary& vocabulary, const torch::Tensor& flux) {
  const Terms terms = termsOf(vocabulary);
  const std::int64_t metabolites = vocabulary.stoichiometry_MR.size(0);
  return share(byMetabolite(terms, terms.coefficient_T, metabolites, flux),
               byMetabolite(terms, terms.coefficient_T.abs(), metabolites, flux.abs()));
}

torch::Tensor elementImbalance(const ReactionVocabulary& vocabulary, const torch::Tensor& flux) {
  const Terms terms = termsOf(vocabulary);
  const auto type = flux.scalar_type();
  const torch::Tensor elements = vocabulary.elements_MK.to(type).index_select(0, terms.metabolite_T);
  const torch::Tensor unknown_T = elements.isnan().any(1);
  const torch::Tensor moved_TK =
      elements.masked_fill(unknown_T.unsqueeze(1), 0.0) * terms.coefficient_T.to(type).unsqueeze(1);
  const auto byRow = [&](const torch::Tensor& x) {
    return torch::zeros({vocabulary.size(), x.size(1)}, x.options()).index_add(0, terms.row_T, x);
  };
  const torch::Tensor unjudged_R1 = byRow(unknown_T.to(type).unsqueeze(1)) > 0;
  const torch::Tensor net_RK = byRow(moved_TK).masked_fill(unjudged_R1, 0.0);
  // What remains of a balanced reaction is rounding, and would be all there is where nothing is exchanged.
  const torch::Tensor real_RK = net_RK.masked_fill(net_RK.abs() < 1e-4 * byRow(moved_TK.abs()), 0.0);
  return share(torch::matmul(flux, real_RK), torch::matmul(flux.abs(), real_RK.abs()));
}

torch::Tensor againstDirection(const ReactionVocabulary& vocabulary, const torch::Tensor& flux) {
  const torch::Tensor terms = termsOf(vocabulary).row_T;
  const torch::Tensor isReaction = torch::bincount(terms, {}, vocabulary.size()) > 1;
  const torch::Tensor noForward = isReaction & (vocabulary.energy_R > kEnergyMarginKJ);
  const torch::Tensor noBackward =
      isReaction & ((vocabulary.energy_R < -kEnergyMarginKJ) | vocabulary.reversible_R.logical_not());
  const auto type = flux.scalar_type();
  const torch::Tensor wrong =
      (torch::relu(flux) * noForward.to(type) + torch::relu(-flux) * noBackward.to(type)).sum(1);
  const torch::Tensor all = (flux.abs() * (noForward | noBackward).to(type)).sum(1);
  return wrong / (all + kNoFlux);
}

}  // namespace ecumene::models::graph
