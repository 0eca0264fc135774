// SPDX-License-Identifier: Apache-2.0
// Truth: the respiration of methane by hand, and fluxes of an optimum found by a linear program.
#include "models/graph/biochemistry.h"

#include <gtest/gtest.h>

#include <map>

#include "data/physics/flux/flux_balance.h"
#include "data/physics/metabolism/archetypes.h"
#include "data/physics/metabolism/viability.h"
#include "tests/data/batch/small_network.h"
#include "tests/models/graph/networks.h"

namespace ecumene::models::graph {
namespace {

class Methane : public testing::Test {
 protected:
  Methane() {
    data::batch::ReactionVocabularyBuilder builder;
    builder.add(network_);
    vocabulary_ = builder.build();
  }
  /// [1, R] of fluxes by reaction id, 0 for the rest.
  [[nodiscard]] torch::Tensor flux(const std::map<std::string, double>& byId) const {
    torch::Tensor result = torch::zeros({1, static_cast<std::int64_t>(vocabulary_.size())}, torch::kFloat64);
    for (const auto& [id, value] : byId) {
      const auto row = vocabulary_.find(network_, network_.reactions[network_.reactionIndex(id).value()]);
      result[0][static_cast<std::int64_t>(row.value())] = value;
    }
    return result;
  }
  data::planet::MetabolicNetwork network_ = data::batch::smallNetwork();
  data::batch::ReactionVocabulary vocabulary_;
};

/// CH4 + 2 O2 -> CO2 + 2 H2O, from outside and back.
const std::map<std::string, double> kRespiration{{"OXIDATION", 1.0}, {"CH4t", 1.0},     {"O2t", 2.0},
                                                 {"EX_ch4_e", -1.0}, {"EX_o2_e", -2.0}, {"DM_co2_c", 1.0},
                                                 {"DM_h2o_c", 2.0}};

TEST_F(Methane, RespirationIsBalancedAtAnyRate) {
  const ReactionVocabulary v = tensorsOf(vocabulary_);
  for (const double rate : {1e-3, 1.0, 100.0}) {
    EXPECT_NEAR(massImbalance(v, flux(kRespiration) * rate).item<double>(), 0.0, 1e-15);
    EXPECT_NEAR(elementImbalance(v, flux(kRespiration) * rate).item<double>(), 0.0, 1e-15);
    EXPECT_EQ(againstDirection(v, flux(kRespiration) * rate).item<double>(), 0.0);
  }
}

TEST_F(Methane, WhatDoesNotBalanceIsCountedByMetabolite) {
  auto broken = kRespiration;
  broken["O2t"] = 1.0;
  // (S v) is -1 for o2_c and +1 for o2_e; (|S| |v|) is 2 for both methanes, 3 for both oxygens, 2 for CO2, 4 for H2O.
  for (const double rate : {1e-3, 1.0, 100.0}) {
    EXPECT_NEAR(massImbalance(tensorsOf(vocabulary_), flux(broken) * rate).item<double>(), 2.0 / 16.0, 1e-6);
  }
}

TEST_F(Methane, ElementsOfWhatIsExchangedAreCountedByHand) {
  const ReactionVocabulary v = tensorsOf(vocabulary_);
  EXPECT_NEAR(elementImbalance(v, flux({{"EX_ch4_e", -1.0}})).item<double>(), 1.0, 1e-9);
  // In: C H4; out: C O2. Net C 0, H 4, O -2, of C 2, H 4, O 2.
  EXPECT_NEAR(elementImbalance(v, flux({{"EX_ch4_e", -1.0}, {"DM_co2_c", 1.0}})).item<double>(), 6.0 / 8.0, 1e-9);
  EXPECT_EQ(elementImbalance(v, flux({{"OXIDATION", 1.0}, {"CH4t", -3.0}})).item<double>(), 0.0);
}

TEST_F(Methane, FluxAgainstItsDirectionIsAShareOfWhatHasOne) {
  const ReactionVocabulary v = tensorsOf(vocabulary_);
  // Irreversible are OXIDATION and O2t; methane diffuses both ways, and exchanges are no reactions.
  const torch::Tensor backward =
      flux({{"OXIDATION", -1.0}, {"O2t", 2.0}, {"CH4t", -50.0}, {"EX_ch4_e", -9.0}, {"DM_co2_c", -9.0}});
  EXPECT_NEAR(againstDirection(v, backward).item<double>(), 1.0 / 3.0, 1e-9);
  // Reversible in its bounds, but 818 kJ/mol downhill.
  ReactionVocabulary reversible = tensorsOf(vocabulary_);
  reversible.reversible_R.fill_(true);
  EXPECT_NEAR(againstDirection(reversible, backward).item<double>(), 1.0, 1e-8);
  reversible.energy_R.neg_();
  EXPECT_EQ(againstDirection(reversible, backward).item<double>(), 0.0);
  reversible.energy_R.mul_(20.0 / 818.0);
  EXPECT_EQ(againstDirection(reversible, backward).item<double>(), 0.0);
}

TEST_F(Methane, NoFluxBreaksNothingAndHasAFiniteGradient) {
  const ReactionVocabulary v = tensorsOf(vocabulary_);
  for (const auto& term : {massImbalance, elementImbalance, againstDirection}) {
    const torch::Tensor none = flux({}).requires_grad_();
    const torch::Tensor value = term(v, none);
    EXPECT_EQ(value.item<double>(), 0.0);
    value.sum().backward();
    EXPECT_TRUE(none.grad().isfinite().all().item<bool>());
  }
}

TEST_F(Methane, RowsOfUnknownFormulaAreNotJudged) {
  ReactionVocabulary v = tensorsOf(vocabulary_);
  const torch::Tensor lone = flux({{"EX_ch4_e", -1.0}});
  v.elements_MK.masked_fill_(v.stoichiometry_MR.matmul(lone[0]).ne(0).unsqueeze(1), NAN);
  EXPECT_EQ(elementImbalance(v, lone).item<double>(), 0.0);
}

TEST_F(Methane, SparseAndDenseStoichiometryAreTheSame) {
  ReactionVocabulary sparse = tensorsOf(vocabulary_);
  sparse.stoichiometry_MR = sparse.stoichiometry_MR.to_sparse();
  auto broken = kRespiration;
  broken["OXIDATION"] = -3.0;
  for (const auto& term : {massImbalance, elementImbalance, againstDirection}) {
    EXPECT_TRUE(torch::equal(term(sparse, flux(broken)), term(tensorsOf(vocabulary_), flux(broken))));
  }
}

TEST(Biochemistry, OptimaOfGeneratedNetworksBreakNoLaw) {
  const auto all = metabolisms();
  const auto vocabulary = vocabularyOf(all);
  const ReactionVocabulary v = tensorsOf(vocabulary);
  for (const auto& metabolism : all) {
    namespace met = data::physics::metabolism;
    const double temperatureK = 0.5 * (metabolism.growthMinK + metabolism.growthMaxK);
    const auto network = met::inEnvironment(metabolism, met::favourableEnvironment(metabolism.archetype, temperatureK));
    const auto optimum = data::physics::flux::solveParsimonious(network);
    ASSERT_EQ(optimum.status, data::physics::flux::Status::kOptimal);
    ASSERT_GT(optimum.objective, 0.0);
    torch::Tensor flux = torch::zeros({1, v.size()}, torch::kFloat64);
    for (std::size_t r = 0; r < network.reactions.size(); ++r) {
      flux[0][static_cast<std::int64_t>(vocabulary.find(network, network.reactions[r]).value())] = optimum.fluxes[r];
    }
    EXPECT_LT(massImbalance(v, flux).item<double>(), 1e-12) << metabolism.network.id;
    EXPECT_LT(elementImbalance(v, flux).item<double>(), 1e-6) << metabolism.network.id;
    EXPECT_LT(againstDirection(v, flux).item<double>(), 1e-9) << metabolism.network.id;
    EXPECT_GT(massImbalance(v, flux.abs()).item<double>(), 0.05) << metabolism.network.id;
  }
}

}  // namespace
}  // namespace ecumene::models::graph
