// SPDX-License-Identifier: Apache-2.0
// Networks so small that their optima are known in closed form.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "data/planet/network.h"

namespace ecumene::data::physics::flux {

/// Adds a reaction, and the metabolites that are new.
inline planet::Reaction& addReaction(planet::MetabolicNetwork& network, const std::string& id,
                                     const std::vector<std::pair<std::string, double>>& stoichiometry, double lower,
                                     double upper) {
  planet::Reaction reaction;
  reaction.id = id;
  reaction.lowerBound = lower;
  reaction.upperBound = upper;
  for (const auto& [metabolite, coefficient] : stoichiometry) {
    if (!network.metaboliteIndex(metabolite)) {
      planet::Metabolite m;
      m.id = metabolite;
      network.metabolites.push_back(m);
    }
    reaction.stoichiometry.emplace_back(*network.metaboliteIndex(metabolite), coefficient);
  }
  network.reactions.push_back(reaction);
  return network.reactions.back();
}

/// a is taken up (at most 10), becomes b either directly or by c and d, and b leaves as the objective. Optimum 10.
/// The direct step is written backwards (b -> a), so its flux is negative. Genes: g1 and g2 make the direct step; g3 or
/// (g1 and g4) make the first step of the detour.
inline planet::MetabolicNetwork twoRoutes() {
  planet::MetabolicNetwork network;
  network.id = "two_routes";
  network.genes = {"g1", "g2", "g3", "g4"};
  addReaction(network, "EX_a", {{"a", -1.0}}, -10.0, 1000.0);
  addReaction(network, "DIRECT", {{"b", -1.0}, {"a", 1.0}}, -1000.0, 1000.0).geneRule = "g1 and g2";
  addReaction(network, "A_C", {{"a", -1.0}, {"c", 1.0}}, 0.0, 4.0).geneRule = "g3 or (g1 and g4)";
  addReaction(network, "C_D", {{"c", -1.0}, {"d", 1.0}}, 0.0, 1000.0);
  addReaction(network, "D_B", {{"d", -1.0}, {"b", 1.0}}, 0.0, 1000.0);
  addReaction(network, "OUT", {{"b", -1.0}}, 0.0, 1000.0).objective = 1.0;
  return network;
}

/// Largest |(S v)_i| over the metabolites, mmol gDW-1 h-1: how far a flux vector is from steady state.
inline double largestResidual(const planet::MetabolicNetwork& network, const std::vector<double>& fluxes) {
  std::vector<double> balance(network.metabolites.size(), 0.0);
  for (std::size_t r = 0; r < network.reactions.size(); ++r) {
    for (const auto& [metabolite, coefficient] : network.reactions[r].stoichiometry) {
      balance[metabolite] += coefficient * fluxes.at(r);
    }
  }
  double largest = 0.0;
  for (const double b : balance) largest = std::max(largest, std::abs(b));
  return largest;
}

}  // namespace ecumene::data::physics::flux
