// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/planet/network.h"

namespace ecumene::data::batch {

/// Respiration of methane in three balanced steps with what goes in and out: 6 metabolites, 7 reactions.
inline planet::MetabolicNetwork smallNetwork() {
  planet::MetabolicNetwork n;
  n.id = "small";
  n.compartments = {"c", "e"};
  const auto metabolite = [&](const char* id, const char* formula, double charge, const char* where) {
    n.metabolites.push_back({id, id, formula, charge, where, std::nullopt});
  };
  metabolite("ch4_e", "CH4", 0.0, "e");
  metabolite("o2_e", "O2", 0.0, "e");
  metabolite("ch4_c", "CH4", 0.0, "c");
  metabolite("o2_c", "O2", 0.0, "c");
  metabolite("co2_c", "CO2", 0.0, "c");
  metabolite("h2o_c", "H2O", 0.0, "c");
  n.metabolites[4].formationEnergyKJ = -394.36;
  const auto reaction = [&](const char* id, std::vector<std::pair<std::size_t, double>> terms, double lower,
                            double upper) {
    planet::Reaction r;
    r.id = id;
    r.stoichiometry = std::move(terms);
    r.lowerBound = lower;
    r.upperBound = upper;
    n.reactions.push_back(r);
  };
  reaction("OXIDATION", {{2, -1.0}, {3, -2.0}, {4, 1.0}, {5, 2.0}}, 0.0, 1000.0);
  reaction("CH4t", {{0, -1.0}, {2, 1.0}}, -1000.0, 1000.0);
  reaction("O2t", {{1, -1.0}, {3, 1.0}}, 0.0, 9.0);
  reaction("EX_ch4_e", {{0, -1.0}}, -10.0, 1000.0);
  reaction("EX_o2_e", {{1, -1.0}}, -10.0, 1000.0);
  reaction("DM_co2_c", {{4, -1.0}}, 0.0, 1000.0);
  reaction("DM_h2o_c", {{5, -1.0}}, 0.0, 1000.0);
  n.reactions[0].energyKJ = -818.0;
  n.reactions[0].objective = 1.0;
  return n;
}

}  // namespace ecumene::data::batch
