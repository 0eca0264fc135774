// SPDX-License-Identifier: Apache-2.0
// Truth: sets and distances by hand; the distances of fluxes that were drawn from the distributions declared.
#include "engine/train/network_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/base/random.h"

namespace ecumene::engine::train {
namespace {

/// Three graphs, of which the second is hidden; four rows of vocabulary; nodes with the given rows of graphs 0, 1, 2.
models::graph::GraphInput inputOf(const std::vector<std::vector<std::int64_t>>& rows, const std::vector<float>& flux,
                                  const torch::Tensor& known_N) {
  models::graph::GraphInput input;
  std::vector<std::int64_t> all;
  input.first = {0};
  for (const auto& graph : rows) {
    all.insert(all.end(), graph.begin(), graph.end());
    input.first.push_back(static_cast<std::int64_t>(all.size()));
  }
  input.vocabularyRow_N = torch::tensor(all, torch::kInt64);
  input.flux_N = torch::tensor(flux);
  input.fluxKnown_N = known_N;
  input.keep_B = torch::tensor({1, 0, 1}, torch::kInt64).to(torch::kBool);
  return input;
}

TEST(NetworkRows, HoldDecodedSetsAgainstTrueOnes) {
  models::graph::GraphInput input = inputOf({{0, 1}, {2}, {-1}}, {0, 0, 0, 0}, torch::zeros({4}, torch::kBool));
  input.reactions_BR = torch::tensor({{1, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 0}}, torch::kFloat32);
  models::graph::GraphOutput output;
  output.reactionLogits_BR =
      torch::tensor({{2.0F, -1.0F, 0.5F, 3.0F}, {1.0F, 1.0F, 1.0F, 1.0F}, {1.0F, 1.0F, 1.0F, 1.0F}});
  output.flux_BR = output.logSigma_BR = torch::zeros({3, 4});
  const auto rows = networkRows(input, output);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_NEAR(rows[0].setF1, 2.0 * 1.0 / (3.0 + 2.0), 1e-12);
  EXPECT_TRUE(std::isnan(rows[1].setF1));  // hidden
  EXPECT_TRUE(std::isnan(rows[2].setF1));  // nothing of it is in the vocabulary
  EXPECT_TRUE(rows[0].off.empty());
}

TEST(NetworkRows, HoldFluxesInDeclaredDeviationsFromTheirMedians) {
  // Medians 0 and 5, sigma e^0 and e^-1, in asinh(flux / 0.1).
  const auto flux = [](double scaled) { return static_cast<float>(0.1 * std::sinh(scaled)); };
  models::graph::GraphInput input =
      inputOf({{0, 0, 0, 1, -1}, {0}, {1, 1}},
              {flux(0.67), flux(1.64), flux(1.65), flux(5.0), flux(0.0), flux(0.0), flux(5.0 - 0.7 / M_E), flux(9.0)},
              torch::tensor({1, 1, 1, 1, 1, 1, 1, 0}, torch::kInt64).to(torch::kBool));
  input.reactions_BR = torch::zeros({3, 4});
  models::graph::GraphOutput output;
  output.reactionLogits_BR = torch::zeros({3, 4});
  output.flux_BR = torch::tensor({0.0F, flux(5.0), 0.0F, 0.0F}).expand({3, 4});
  output.logSigma_BR = torch::tensor({0.0F, -1.0F, 0.0F, 0.0F}).expand({3, 4});
  const auto rows = networkRows(input, output);
  const auto expectOff = [](const report::NetworkRow& row, const std::vector<double>& expected) {
    ASSERT_EQ(row.off.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(row.off[i], expected[i], 1e-4) << i;
  };
  expectOff(rows[0], {0.67, 1.64, 1.65, 0.0});
  EXPECT_NEAR(rows[0].deviations, 3.0 + 1.0 / M_E, 1e-5);
  expectOff(rows[1], {});  // hidden
  expectOff(rows[2], {0.7});
  ASSERT_EQ(rows[0].fluxes.size(), 4U);
  EXPECT_EQ(rows[0].fluxes[3].reaction, 1);
  EXPECT_NEAR(rows[0].fluxes[0].flux, flux(0.67), 1e-6);
  EXPECT_EQ(rows[0].fluxes[0].median, 0.0F);
  EXPECT_EQ(rows[0].fluxes[3].median, flux(5.0));

  // One by one, with what is not known too, by the names of the rows.
  data::batch::ReactionVocabularyBuilder builder;
  data::planet::MetabolicNetwork network;
  network.metabolites.resize(2);
  network.metabolites[0].id = "a_c";
  network.metabolites[1].id = "b_c";
  for (const double substrate : {-1.0, -2.0}) {
    data::planet::Reaction& reaction = network.reactions.emplace_back();
    reaction.id = "R" + std::to_string(network.reactions.size());
    reaction.stoichiometry = {{0, substrate}, {1, 1.0}};
  }
  builder.add(network);
  const auto vocabulary = builder.build();
  const auto said = fluxEstimates(input, output, vocabulary);
  ASSERT_EQ(said.size(), 3U);
  ASSERT_EQ(said[0].size(), 4U);  // the fifth node is of no row
  EXPECT_TRUE(said[1].empty());   // hidden
  ASSERT_EQ(said[2].size(), 2U);
  EXPECT_EQ(said[0][0].reaction, vocabulary.rows()[0].id);
  EXPECT_EQ(said[0][3].reaction, vocabulary.rows()[1].id);
  EXPECT_NEAR(said[0][3].median, flux(5.0), 1e-4);
  EXPECT_NEAR(said[0][3].deviation, 1.0 / M_E, 1e-6);
  EXPECT_NEAR(said[2][0].known, flux(5.0 - 0.7 / M_E), 1e-4);
  EXPECT_TRUE(std::isnan(said[2][1].known));
}

TEST(NetworkRows, FluxesDrawnFromWhatIsDeclaredLieAsAGaussian) {
  Random random(7, "test/fluxes");
  std::vector<std::int64_t> nodes;
  std::vector<float> flux;
  for (int i = 0; i < 20000; ++i) {
    const auto row = static_cast<std::int64_t>(random.below(4));
    nodes.push_back(row);
    const auto r = static_cast<double>(row);
    flux.push_back(static_cast<float>(0.1 * std::sinh(r - 1.0 + std::exp(0.5 * r - 1.0) * random.normal())));
  }
  models::graph::GraphInput input = inputOf({nodes, {}, {}}, flux, torch::ones({20000}, torch::kBool));
  input.reactions_BR = torch::zeros({3, 4});
  models::graph::GraphOutput output;
  output.reactionLogits_BR = torch::zeros({3, 4});
  const torch::Tensor r_R = torch::arange(4, torch::kFloat32);
  output.flux_BR = (torch::sinh(r_R - 1.0) * 0.1).expand({3, 4});
  output.logSigma_BR = (0.5 * r_R - 1.0).expand({3, 4});
  const std::vector<float> off = networkRows(input, output).front().off;
  const auto inside = [&](double deviations) {
    return static_cast<double>(std::ranges::count_if(off, [&](float at) { return at < deviations; })) / 20000.0;
  };
  ASSERT_EQ(off.size(), 20000U);
  EXPECT_NEAR(inside(1.0), std::erf(1.0 / std::sqrt(2.0)), 4.0 * std::sqrt(0.22 / 20000.0));
  EXPECT_NEAR(inside(2.0), std::erf(2.0 / std::sqrt(2.0)), 4.0 * std::sqrt(0.044 / 20000.0));
}

}  // namespace
}  // namespace ecumene::engine::train
