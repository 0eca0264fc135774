// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/graph/graph.h"

// What a flux over the vocabulary's rows breaks of the laws of a living cell at steady state. Each is a share in [0, 1]
// that does not change with the size of the flux, so that no flux at all is no way out; a flux of zero breaks nothing.
namespace ecumene::models::graph {

/// Steady state, S v = 0 (Orth, Thiele & Palsson 2010, Nat. Biotechnol. 28, 245), over all metabolites, [B]:
/// sum_m |S v|_m / sum_m (|S| |v|)_m, what does not balance of all that is turned over. Exchanges and demands are rows
/// as the others, so what a network takes up or gives off is balanced too.
torch::Tensor massImbalance(const ReactionVocabulary& vocabulary, const torch::Tensor& flux_BR);

/// What goes in and out of the network in atoms and charge, E^T S v (the metabolic form of valence rules), [B]:
/// sum_k |E^T S v|_k / sum_k (|E^T S| |v|)_k over C H N O P S and charge. Only exchanges, demands and reactions
/// that are not balanced themselves have a part in it; rows with a metabolite of unknown formula or charge have none.
torch::Tensor elementImbalance(const ReactionVocabulary& vocabulary, const torch::Tensor& flux_BR);

/// The standard energy may differ by this from that at the concentrations of a cell, kJ/mol: RT ln(10^4) at 298.15 K, a
/// substrate and a product apart by four orders of magnitude.
inline constexpr double kEnergyMarginKJ = 22.8;

/// Share of the flux, [B], that runs against its direction, over reactions that have one: those that are irreversible
/// must not run backward; those whose dG'0 is beyond the margin must not run uphill.
torch::Tensor againstDirection(const ReactionVocabulary& vocabulary, const torch::Tensor& flux_BR);

}  // namespace ecumene::models::graph
