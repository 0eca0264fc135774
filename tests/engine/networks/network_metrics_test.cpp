// SPDX-License-Identifier: Apache-2.0
// Truth: the respiration of methane by hand, small sets counted by hand, and the generator's own networks.
#include "engine/networks/network_metrics.h"

#include <gtest/gtest.h>

#include "data/base/error.h"
#include "data/physics/metabolism/variants.h"
#include "tests/data/batch/small_network.h"

namespace ecumene::engine::networks {
namespace {

using data::planet::MetabolicNetwork;

std::shared_ptr<const data::batch::ReactionVocabulary> vocabularyOf(const std::vector<MetabolicNetwork>& networks) {
  data::batch::ReactionVocabularyBuilder builder;
  for (const MetabolicNetwork& network : networks) builder.add(network);
  return std::make_shared<const data::batch::ReactionVocabulary>(builder.build());
}

TEST(SetF1, IsTheHarmonicMeanOfPrecisionAndRecall) {
  EXPECT_DOUBLE_EQ(setF1({1, 2, 3}, {1, 2, 3}), 1.0);
  EXPECT_DOUBLE_EQ(setF1({1, 2, 3}, {4, 5}), 0.0);
  // Precision 2/4, recall 2/3.
  EXPECT_DOUBLE_EQ(setF1({1, 2, 5, 6}, {1, 2, 3}), 2.0 * 0.5 * (2.0 / 3.0) / (0.5 + 2.0 / 3.0));
  EXPECT_DOUBLE_EQ(setF1({}, {}), 1.0);
  EXPECT_DOUBLE_EQ(setF1({}, {1}), 0.0);
}

class Methane : public testing::Test {
 protected:
  [[nodiscard]] std::size_t row(const char* id) const {
    return *vocabulary_->find(network_, network_.reactions[*network_.reactionIndex(id)]);
  }
  [[nodiscard]] Rows rowsWithout(const char* id) const {
    Rows rows = reference_.rows(network_);
    std::erase(rows, row(id));
    return rows;
  }
  MetabolicNetwork network_ = data::batch::smallNetwork();
  std::shared_ptr<const data::batch::ReactionVocabulary> vocabulary_ = vocabularyOf({network_});
  NetworkReference reference_{vocabulary_, std::span(&network_, 1)};
};

TEST_F(Methane, RespirationIsBalancedAndLives) {
  const NetworkVerdict verdict = reference_.judge(reference_.rows(network_));
  EXPECT_EQ(verdict.reactions, 3U);
  EXPECT_EQ(verdict.judged, 3U);
  EXPECT_EQ(verdict.balanced, 3U);
  EXPECT_TRUE(verdict.feasible);
  EXPECT_TRUE(verdict.consistent);
  EXPECT_FALSE(verdict.novel);
  EXPECT_DOUBLE_EQ(verdict.nearestF1, 1.0);
}

TEST_F(Methane, WithoutAnEssentialReactionNothingGrows) {
  for (const char* id : {"OXIDATION", "CH4t", "O2t", "EX_ch4_e", "EX_o2_e", "DM_co2_c", "DM_h2o_c"}) {
    const NetworkVerdict verdict = reference_.judge(rowsWithout(id));
    EXPECT_FALSE(verdict.feasible) << id;
    EXPECT_FALSE(verdict.consistent) << id;
    EXPECT_TRUE(verdict.novel) << id;
    EXPECT_DOUBLE_EQ(verdict.nearestF1, 12.0 / 13.0) << id;
  }
  EXPECT_FALSE(reference_.judge({}).feasible);
}

TEST_F(Methane, GrowthThatRunsUphillIsFeasibleButNotConsistent) {
  for (const double energyKJ : {-818.0, 20.0, 30.0}) {
    MetabolicNetwork network = network_;
    network.reactions[0].energyKJ = energyKJ;
    const NetworkReference reference(vocabularyOf({network}), std::span(&network, 1));
    const NetworkVerdict verdict = reference.judge(reference.rows(network));
    EXPECT_TRUE(verdict.feasible);
    EXPECT_EQ(verdict.consistent, energyKJ < 22.8) << energyKJ;
  }
}

TEST_F(Methane, UnbalancedReactionsAndUnknownFormulasAreCounted) {
  MetabolicNetwork network = network_;
  network.reactions[0].stoichiometry[1].second = -1.0;  // CH4 + O2 -> CO2 + 2 H2O
  network.metabolites[0].formula.clear();               // of ch4_e
  const NetworkReference reference(vocabularyOf({network}), std::span(&network, 1));
  const NetworkVerdict verdict = reference.judge(reference.rows(network));
  EXPECT_EQ(verdict.reactions, 3U);
  EXPECT_EQ(verdict.judged, 2U);
  EXPECT_EQ(verdict.balanced, 1U);
}

TEST_F(Methane, OnlyReactionsOfTheInsideMayBeRemoved) {
  const Rows expected = [&] {
    Rows rows{row("CH4t"), row("O2t")};
    std::ranges::sort(rows);
    return rows;
  }();
  EXPECT_EQ(reference_.removable(reference_.rows(network_)), expected);
}

TEST_F(Methane, NetworksWithoutAnObjectiveAreRefused) {
  MetabolicNetwork network = network_;
  network.reactions[0].objective = 0.0;
  EXPECT_THROW(NetworkReference(vocabulary_, std::span(&network, 1)), Error);
}

TEST(NetworkReference, GeneratedNetworksGrowAndAreBalanced) {
  std::vector<MetabolicNetwork> networks;
  for (std::size_t a = 0; a < data::planet::kArchetypeCount; ++a) {
    networks.push_back(
        data::physics::metabolism::makeMetabolism(static_cast<data::planet::Archetype>(a), 0, 3).network);
  }
  const NetworkReference reference(vocabularyOf(networks), networks);
  for (const MetabolicNetwork& network : networks) {
    const Rows rows = reference.rows(network);
    EXPECT_EQ(rows.size(), network.reactions.size()) << network.id;
    const NetworkVerdict verdict = reference.judge(rows);
    EXPECT_TRUE(verdict.feasible) << network.id;
    EXPECT_TRUE(verdict.consistent) << network.id;
    EXPECT_FALSE(verdict.novel) << network.id;
    EXPECT_EQ(verdict.balanced, verdict.judged) << network.id;
  }
}

TEST(Recovery, RanksRemovedRowsAmongTheAbsentOnes) {
  // Rows 0 and 1 stay, 2 and 3 were removed, 4 to 7 were never there.
  const std::vector<float> scores{9, 9, 5, 2, 4, 3, 1, 0};
  const Recovery recovery = recoveryOf(scores, {0, 1}, {2, 3});
  EXPECT_DOUBLE_EQ(recovery.auroc, (4.0 + 2.0) / 8.0);
  EXPECT_DOUBLE_EQ(recovery.topShare, 0.5);
  EXPECT_DOUBLE_EQ(recovery.chance, 2.0 / 6.0);
}

TEST(Recovery, TiesCountHalfWhateverTheirOrder) {
  const std::vector<float> equal(8, 1.0F);
  for (const Rows& removed : {Rows{2, 3}, Rows{6, 7}}) {
    const Recovery recovery = recoveryOf(equal, {0, 1}, removed);
    EXPECT_DOUBLE_EQ(recovery.auroc, 0.5);
    EXPECT_DOUBLE_EQ(recovery.topShare, 2.0 / 6.0);
  }
}

}  // namespace
}  // namespace ecumene::engine::networks
