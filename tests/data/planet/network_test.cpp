// SPDX-License-Identifier: Apache-2.0
#include "data/planet/network.h"

#include <gtest/gtest.h>

#include "data/base/error.h"

namespace ecumene::data::planet {
namespace {

/// Glucose respiration with its exchanges, balanced.
MetabolicNetwork respiration() {
  MetabolicNetwork n;
  n.id = "respiration";
  n.compartments = {"e"};
  n.metabolites = {{"glc", "glucose", "C6H12O6", 0.0, "e", {}},
                   {"o2", "oxygen", "O2", 0.0, "e", {}},
                   {"co2", "carbon dioxide", "CO2", 0.0, "e", {}},
                   {"h2o", "water", "H2O", 0.0, "e", {}}};
  Reaction r;
  r.id = "RESP";
  r.stoichiometry = {{0, -1.0}, {1, -6.0}, {2, 6.0}, {3, 6.0}};
  n.reactions.push_back(r);
  r.id = "EX_glc";
  r.stoichiometry = {{0, -1.0}};
  n.reactions.push_back(r);
  return n;
}

TEST(Formula, IsCountedByElement) {
  const auto counts = parseFormula("C10H12N5O13P3S0.5Fe2");
  ASSERT_TRUE(counts.has_value());
  EXPECT_EQ(counts->c, 10);
  EXPECT_EQ(counts->h, 12);
  EXPECT_EQ(counts->n, 5);
  EXPECT_EQ(counts->o, 13);
  EXPECT_EQ(counts->p, 3);
  EXPECT_EQ(counts->s, 0.5);
  EXPECT_EQ(counts->other, 2);
  EXPECT_FALSE(parseFormula("").has_value());
  EXPECT_FALSE(parseFormula("c6").has_value());
  EXPECT_FALSE(parseFormula("C6(H2O)").has_value());
  EXPECT_FALSE(parseFormula("C1.2.3").has_value());
}

TEST(MolarMass, AgreesWithPublishedValues) {
  EXPECT_NEAR(*molarMass("C6H12O6"), 180.156, 0.01);
  EXPECT_NEAR(*molarMass("NaCl"), 58.44, 0.01);
  EXPECT_FALSE(molarMass("C6R").has_value());
}

TEST(Imbalance, IsZeroForBalancedAndCountedForOthers) {
  const MetabolicNetwork n = respiration();
  EXPECT_EQ(imbalance(n, n.reactions[0])->largest(), 0.0);
  const auto exchange = imbalance(n, n.reactions[1]);
  EXPECT_EQ(exchange->elements.c, -6.0);
  EXPECT_EQ(exchange->largest(), 12.0);
  MetabolicNetwork unknown = n;
  unknown.metabolites[1].formula.clear();
  EXPECT_FALSE(imbalance(unknown, unknown.reactions[0]).has_value());
}

TEST(ValidateNetwork, NamesTheReaction) {
  EXPECT_NO_THROW(validate(respiration()));
  MetabolicNetwork crossed = respiration();
  crossed.reactions[0].lowerBound = 5000.0;
  EXPECT_THROW(validate(crossed), Error);
  MetabolicNetwork dangling = respiration();
  dangling.reactions[0].stoichiometry.push_back({9, 1.0});
  EXPECT_THROW(validate(dangling), Error);
  MetabolicNetwork twice = respiration();
  twice.reactions[0].stoichiometry.push_back({0, 1.0});
  EXPECT_THROW(validate(twice), Error);
  MetabolicNetwork repeated = respiration();
  repeated.reactions[1].id = "RESP";
  EXPECT_THROW(validate(repeated), Error);
}

TEST(Exchanges, AreBoundariesOfExtracellularMetabolites) {
  MetabolicNetwork n = respiration();
  EXPECT_EQ(n.exchanges(), (std::vector<std::size_t>{1}));
  n.metabolites[0].compartment = "c";
  EXPECT_TRUE(n.exchanges().empty());
}

TEST(Archetypes, AreFoundByTheirNames) {
  for (std::size_t i = 0; i < kArchetypeCount; ++i) {
    const auto archetype = static_cast<Archetype>(i);
    EXPECT_EQ(findArchetype(name(archetype)), archetype);
  }
  EXPECT_FALSE(findArchetype("dragon").has_value());
}

}  // namespace
}  // namespace ecumene::data::planet
