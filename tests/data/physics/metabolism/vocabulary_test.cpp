// SPDX-License-Identifier: Apache-2.0
#include "data/physics/metabolism/vocabulary.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "data/base/error.h"
#include "data/physics/metabolism/energetics.h"

namespace ecumene::data::physics::metabolism {
namespace {

const planet::MetabolicNetwork& all() {
  return Vocabulary::instance().network();
}

// Atoms of each element by themselves, so that iron cannot stand in for copper.
std::map<std::string, double> atoms(const std::string& formula) {
  std::map<std::string, double> counts;
  std::size_t i = 0;
  while (i < formula.size()) {
    std::string element(1, formula[i++]);
    while (i < formula.size() && std::islower(static_cast<unsigned char>(formula[i])) != 0) element += formula[i++];
    std::string number;
    while (i < formula.size() && (std::isdigit(static_cast<unsigned char>(formula[i])) != 0 || formula[i] == '.')) {
      number += formula[i++];
    }
    counts[element] += number.empty() ? 1.0 : std::stod(number);
  }
  return counts;
}

TEST(Vocabulary, EveryReactionKeepsElementsAndCharge) {
  for (const planet::Reaction& r : all().reactions) {
    if (r.isBoundary()) continue;
    std::map<std::string, double> sum;
    double charge = 0.0;
    for (const auto& [index, coefficient] : r.stoichiometry) {
      const planet::Metabolite& m = all().metabolites[index];
      ASSERT_TRUE(m.charge) << m.id;
      charge += coefficient * *m.charge;
      for (const auto& [element, count] : atoms(m.formula)) sum[element] += coefficient * count;
    }
    for (const auto& [element, excess] : sum) EXPECT_NEAR(excess, 0.0, 1e-6) << r.id << " " << element;
    EXPECT_NEAR(charge, 0.0, 1e-6) << r.id << " charge";
  }
}

TEST(Vocabulary, SharedBalanceAgreesWhereEveryFormulaIsKnown) {
  std::size_t checked = 0;
  for (const planet::Reaction& r : all().reactions) {
    const auto difference = planet::imbalance(all(), r);
    if (r.isBoundary() || !difference) continue;
    EXPECT_LT(difference->largest(), 1e-6) << r.id;
    ++checked;
  }
  EXPECT_GT(checked, 400U);
}

TEST(Vocabulary, HoldsAboutFourHundredRowsEachOnce) {
  std::map<std::map<std::size_t, double>, std::string> seen;
  std::size_t inner = 0;
  for (const planet::Reaction& r : all().reactions) {
    inner += r.isBoundary() ? 0U : 1U;
    const std::map<std::size_t, double> key(r.stoichiometry.begin(), r.stoichiometry.end());
    const auto [place, fresh] = seen.emplace(key, r.id);
    EXPECT_TRUE(fresh) << r.id << " is " << place->second << " again";
  }
  EXPECT_GE(inner, 380U);
  EXPECT_LE(inner, 460U);
}

TEST(Vocabulary, OnlyPumpsMoveChargeAcrossTheMembrane) {
  const std::set<std::string> pumpingSubsystems{"electron transport", "photosynthesis", "sodium", "ATP synthase"};
  const std::set<std::string> pumps{"SUCDM", "OAADC", "MTR", "MEDH"};
  for (const planet::Reaction& r : all().reactions) {
    if (r.isBoundary() || pumpingSubsystems.contains(r.subsystem) || pumps.contains(r.id)) continue;
    double outside = 0.0;
    for (const auto& [index, coefficient] : r.stoichiometry) {
      if (all().metabolites[index].compartment == "e") outside += coefficient * *all().metabolites[index].charge;
    }
    EXPECT_NEAR(outside, 0.0, 1e-9) << r.id;
  }
}

// 24.6 g/C-mol is what the maintenance of dataset.md is converted with.
TEST(Vocabulary, BiomassWeighsOneGramPerMillimoleAnd24GramsPerCmol) {
  for (const char* id : {"biomass_c", "biomassa_c"}) {
    const auto index = all().metaboliteIndex(id);
    ASSERT_TRUE(index);
    const std::string& formula = all().metabolites[*index].formula;
    const auto mass = planet::molarMass(formula);
    ASSERT_TRUE(mass);
    EXPECT_NEAR(*mass, 1000.0, 5.0) << id;
    EXPECT_NEAR(*mass / planet::parseFormula(formula)->c, 24.6, 1.0) << id;
  }
}

TEST(Vocabulary, ReactionsWithKnownSpeciesHaveTheirEnergyAtPh7) {
  // H2 + NAD is not in the table; CH4 diffusion is, and moves nothing in energy.
  const auto& transport = all().reactions[Vocabulary::instance().index("CH4t")];
  ASSERT_TRUE(transport.energyKJ);
  EXPECT_NEAR(*transport.energyKJ, 0.0, 1e-12);
  // CO2(g) + H2O -> HCO3- + H+ at pH 7: -586.77 + 394.36 + 237.13 - 39.96 = 4.76 kJ/mol.
  const auto& anhydrase = all().reactions[Vocabulary::instance().index("CA")];
  ASSERT_TRUE(anhydrase.energyKJ);
  EXPECT_NEAR(*anhydrase.energyKJ, 4.76, 0.02);
  EXPECT_FALSE(all().reactions[Vocabulary::instance().index("PGI")].energyKJ);
}

TEST(Vocabulary, AssembledNetworkHasItsExchangesAndItsObjective) {
  const Vocabulary& vocabulary = Vocabulary::instance();
  const auto network = vocabulary.assemble(
      "small", "small", {vocabulary.index("H2t"), vocabulary.index("L_BIOMASS"), vocabulary.index("H2t")});
  EXPECT_NO_THROW(planet::validate(network));
  ASSERT_TRUE(network.reactionIndex("EX_h2_e"));
  EXPECT_TRUE(network.reactionIndex("DM_biomass_c"));
  EXPECT_FALSE(network.reactionIndex("EX_o2_e"));
  double objective = 0.0;
  for (const auto& r : network.reactions) objective += r.objective;
  EXPECT_EQ(objective, 1.0);
  EXPECT_EQ(network.reactions[*network.reactionIndex("L_BIOMASS")].objective, 1.0);
  EXPECT_EQ(network.reactions[*network.reactionIndex("EX_h2_e")].lowerBound, 0.0);
  EXPECT_EQ(network.exchanges().size(), 1U);
}

TEST(Vocabulary, UnknownReactionIsAnError) {
  EXPECT_THROW((void)Vocabulary::instance().index("NO_SUCH_ROW"), Error);
}

}  // namespace
}  // namespace ecumene::data::physics::metabolism
