// SPDX-License-Identifier: Apache-2.0
// Growth of the archetypes beside COBRApy with GLPK (tests/oracles/metabolism_growth.py, .json).
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "data/physics/flux/flux_balance.h"
#include "data/physics/metabolism/variants.h"
#include "data/physics/metabolism/viability.h"
#include "tests/support/reference.h"

namespace ecumene::data::physics::metabolism {
namespace {

constexpr int kOracleVariants = 4;
constexpr std::uint64_t kOracleSeed = 1;

// COBRApy's JSON form of a model.
nlohmann::json cobraModel(const planet::MetabolicNetwork& network) {
  nlohmann::json model{{"id", network.id},
                       {"version", "1"},
                       {"compartments", {{"c", "cytosol"}, {"e", "outside"}}},
                       {"genes", nlohmann::json::array()}};
  for (const auto& m : network.metabolites) {
    model["metabolites"].push_back({{"id", m.id},
                                    {"name", m.name},
                                    {"compartment", m.compartment},
                                    {"formula", m.formula},
                                    {"charge", m.charge.value_or(0.0)}});
  }
  for (const auto& r : network.reactions) {
    nlohmann::json stoichiometry = nlohmann::json::object();
    for (const auto& [index, coefficient] : r.stoichiometry) {
      stoichiometry[network.metabolites[index].id] = coefficient;
    }
    model["reactions"].push_back({{"id", r.id},
                                  {"name", r.name},
                                  {"metabolites", stoichiometry},
                                  {"lower_bound", r.lowerBound},
                                  {"upper_bound", r.upperBound},
                                  {"gene_reaction_rule", ""},
                                  {"objective_coefficient", r.objective}});
  }
  return model;
}

TEST(Oracle, GrowthOfTheArchetypesAgreesWithCobrapy) {
  const nlohmann::json reference = test::reference("metabolism_growth.json");
  const char* folder = std::getenv("ECUMENE_NETWORK_DIR");
  for (std::size_t a = 0; a < planet::kArchetypeCount; ++a) {
    for (int v = 0; v < kOracleVariants; ++v) {
      const auto m = makeMetabolism(static_cast<planet::Archetype>(a), v, kOracleSeed);
      const auto network = inEnvironment(m, favourableEnvironment(m.archetype, 0.5 * (m.growthMinK + m.growthMaxK)));
      if (folder != nullptr) {
        std::ofstream(std::string(folder) + "/" + network.id + ".json") << cobraModel(network).dump();
      }
      if (!reference["growth"].contains(network.id)) {
        ADD_FAILURE() << "no reference of " << network.id;
        continue;
      }
      const double expected = reference["growth"][network.id];
      EXPECT_NEAR(flux::solve(network).objective, expected, 1e-5 * std::max(1.0, expected)) << network.id;
    }
  }
}

}  // namespace
}  // namespace ecumene::data::physics::metabolism
