// SPDX-License-Identifier: Apache-2.0
#include "data/batch/network_graph.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <tuple>

#include "tests/data/batch/small_network.h"

namespace ecumene::data::batch {
namespace {

constexpr std::size_t kMetabolites = 6, kReactions = 7, kNodes = kMetabolites + kReactions + 2;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

ReactionVocabulary vocabularyOf(const planet::MetabolicNetwork& network) {
  ReactionVocabularyBuilder builder;
  builder.add(network);
  return builder.build();
}

class NetworkGraphTest : public testing::Test {
 protected:
  const planet::MetabolicNetwork network_ = smallNetwork();
  const NetworkGraph graph_ = networkGraph(network_, 280.0, 320.0, vocabularyOf(network_));
  [[nodiscard]] double feature(std::size_t node, std::string_view column) const {
    return static_cast<double>(graph_.nodes.at(node * kNodeFeatures + nodeColumn(column)));
  }
  [[nodiscard]] int distance(std::size_t a, std::size_t b) const { return graph_.distance.at(a * kNodes + b); }
};

TEST_F(NetworkGraphTest, NodesAreMetabolitesReactionsAndCompartments) {
  ASSERT_EQ(graph_.size, kNodes);
  ASSERT_EQ(graph_.kind.size(), kNodes);
  const std::vector<std::int64_t> kinds{0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3};
  EXPECT_EQ(graph_.kind, kinds);
  for (std::size_t n = 0; n < kNodes; ++n) {
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_EQ(graph_.nodes[n * kNodeFeatures + k], kinds[n] == static_cast<std::int64_t>(k) ? 1.0F : 0.0F);
    }
  }
}

TEST_F(NetworkGraphTest, MetabolitesCarryTheirAtomsChargeAndMass) {
  // CO2: one C, two O, 44.009 g/mol.
  EXPECT_FLOAT_EQ(static_cast<float>(feature(4, "C")), 0.1F);
  EXPECT_FLOAT_EQ(static_cast<float>(feature(4, "O")), 0.2F);
  EXPECT_EQ(feature(4, "H"), 0.0);
  EXPECT_NEAR(feature(4, "log_molar_mass"), std::log10(44.009) - 2.0, 1e-5);
  EXPECT_EQ(feature(4, "charge"), 0.0);
  EXPECT_EQ(feature(4, "charge_known"), 1.0);
  EXPECT_NEAR(feature(4, "formation_energy"), -0.39436, 1e-6);
  EXPECT_EQ(feature(5, "formation_energy_known"), 0.0);
  EXPECT_EQ(feature(5, "is_currency"), 1.0);  // water
  EXPECT_EQ(feature(4, "is_currency"), 0.0);
  EXPECT_EQ(feature(0, "in_outside"), 1.0);
  EXPECT_EQ(feature(2, "in_cytosol"), 1.0);
}

TEST_F(NetworkGraphTest, ReactionsCarryTheirBoundsEnergyAndWindow) {
  const std::size_t oxidation = kMetabolites;
  EXPECT_NEAR(feature(oxidation, "reaction_energy"), -8.18, 1e-5);
  EXPECT_EQ(feature(oxidation, "lower_bound"), 0.0);
  EXPECT_NEAR(feature(oxidation, "upper_bound"), 1.0, 1e-6);
  EXPECT_NEAR(feature(oxidation + 2, "upper_bound"), 1.0 / std::log10(1001.0), 1e-6);  // 9 mmol/gDW/h
  EXPECT_NEAR(feature(oxidation + 1, "lower_bound"), -1.0, 1e-6);
  EXPECT_EQ(feature(oxidation, "is_objective"), 1.0);
  EXPECT_NEAR(feature(oxidation, "growth_min"), 0.0685, 1e-6);
  EXPECT_NEAR(feature(oxidation, "growth_max"), 0.4685, 1e-6);
  EXPECT_EQ(feature(oxidation + 1, "growth_window_known"), 0.0);
  const NetworkGraph imported = networkGraph(network_, kNone, kNone, vocabularyOf(network_));
  EXPECT_EQ(imported.nodes[oxidation * kNodeFeatures + nodeColumn("growth_window_known")], 0.0F);
  EXPECT_EQ(imported.nodes[oxidation * kNodeFeatures + nodeColumn("growth_max")], 0.0F);
}

TEST_F(NetworkGraphTest, ColumnsBehindTheTableAreZero) {
  for (std::size_t n = 0; n < kNodes; ++n) {
    for (std::size_t c = nodeColumn("growth_window_known") + 1; c < kNodeFeatures; ++c) {
      EXPECT_EQ(graph_.nodes[n * kNodeFeatures + c], 0.0F);
    }
  }
}

TEST_F(NetworkGraphTest, EdgesGoBothWaysWithTheirCoefficient) {
  // 12 coefficients and 6 memberships.
  ASSERT_EQ(graph_.edgeSource.size(), 2U * (12 + 6));
  std::multiset<std::tuple<std::int64_t, std::int64_t, float>> there, back;
  for (std::size_t e = 0; e < graph_.edgeSource.size(); ++e) {
    there.emplace(graph_.edgeSource[e], graph_.edgeTarget[e], graph_.coefficient[e]);
    back.emplace(graph_.edgeTarget[e], graph_.edgeSource[e], graph_.coefficient[e]);
  }
  EXPECT_EQ(there, back);
  EXPECT_EQ(there.count({3, kMetabolites, -2.0F}), 1U);  // two O2 are burnt
  EXPECT_EQ(there.count({kMetabolites, 5, 2.0F}), 1U);   // and two water made
  EXPECT_EQ(there.count({kNodes - 2, 0, 0.0F}), 1U);     // the outside, named first, holds methane
  EXPECT_EQ(graph_.degree[kMetabolites], 4.0F);
  EXPECT_EQ(graph_.degree[kNodes - 1], 4.0F);
}

TEST_F(NetworkGraphTest, PathsRunThroughReactionsAndEndAtCompartments) {
  EXPECT_EQ(distance(2, 4), 2);                      // methane to CO2 by one reaction
  EXPECT_EQ(distance(0, 4), 4);                      // from outside: transport first
  EXPECT_EQ(distance(kNodes - 2, 0), 1);             // a member
  EXPECT_EQ(distance(kNodes - 2, kMetabolites), 4);  // outside, methane, transport, methane, oxidation
  EXPECT_EQ(distance(kNodes - 2, kNodes - 1), 4);
  for (std::size_t a = 0; a < kNodes; ++a) {
    EXPECT_EQ(distance(a, a), 0);
    for (std::size_t b = 0; b < kNodes; ++b) EXPECT_EQ(distance(a, b), distance(b, a));
  }
}

TEST_F(NetworkGraphTest, OddReturnsAreZeroAndVectorsHaveTheirLength) {
  const std::size_t inner = kMetabolites + kReactions;
  double length = 0.0;
  for (std::size_t n = 0; n < kNodes; ++n) {
    EXPECT_EQ(graph_.randomWalk[n * kEncodings], 0.0F);
    EXPECT_EQ(graph_.randomWalk[n * kEncodings + 2], 0.0F);
    length += std::pow(static_cast<double>(graph_.laplacian[n * kEncodings]), 2);
  }
  EXPECT_NEAR(length, static_cast<double>(inner), 1e-4);
  // An exchange's only neighbour has two reactions: back after two steps with 1/2.
  EXPECT_NEAR(graph_.randomWalk[(kMetabolites + 3) * kEncodings + 1], 0.5, 1e-6);
}

TEST_F(NetworkGraphTest, RowsAreThoseOfTheVocabulary) {
  std::set<std::int64_t> rows;
  for (std::size_t n = 0; n < kNodes; ++n) {
    const bool reaction = n >= kMetabolites && n < kMetabolites + kReactions;
    EXPECT_EQ(graph_.vocabularyRow[n] >= 0, reaction);
    if (reaction) rows.insert(graph_.vocabularyRow[n]);
  }
  EXPECT_EQ(rows.size(), kReactions);
  const NetworkGraph foreign = networkGraph(network_, kNone, kNone, ReactionVocabulary());
  for (const std::int64_t row : foreign.vocabularyRow) EXPECT_EQ(row, -1);
}

TEST_F(NetworkGraphTest, FluxesComeToTheScaleOfTheirRow) {
  planet::MetabolicNetwork tripled = network_;
  for (auto& term : tripled.reactions[0].stoichiometry) term.second *= 3.0;
  const NetworkGraph graph = networkGraph(tripled, kNone, kNone, vocabularyOf(network_));
  EXPECT_EQ(graph.vocabularyRow, graph_.vocabularyRow);
  for (std::size_t n = 0; n < kNodes; ++n) {
    EXPECT_EQ(graph.rowScale[n], n == kMetabolites ? 3.0F : 1.0F) << n;
  }
}

TEST(NetworkGraphs, KeepWhatFitsAndTellContentsApart) {
  const planet::MetabolicNetwork network = smallNetwork();
  const auto vocabulary = std::make_shared<const ReactionVocabulary>(vocabularyOf(network));
  NetworkGraphs graphs(vocabulary, std::size_t{1} << 20U);
  const auto one = graphs.get(network, 280.0, 320.0);
  EXPECT_EQ(graphs.get(network, 280.0, 320.0), one);
  planet::MetabolicNetwork other = network;
  other.id = "another name";
  EXPECT_EQ(graphs.get(other, 280.0, 320.0), one);
  other.reactions[2].upperBound = 10.0;
  EXPECT_NE(graphs.get(other, 280.0, 320.0)->nodes, one->nodes);
  EXPECT_NE(graphs.get(network, 281.0, 320.0)->nodes, one->nodes);
  EXPECT_EQ(graphs.bytes(), 3 * one->bytes());
  NetworkGraphs none(vocabulary, 10);
  EXPECT_NE(none.get(network, 280.0, 320.0), none.get(network, 280.0, 320.0));
  EXPECT_EQ(none.bytes(), 0U);
}

}  // namespace
}  // namespace ecumene::data::batch
