// SPDX-License-Identifier: Apache-2.0
// Truth: sums by hand; the small store's planets.
#include "engine/train/run_networks.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/engine/train/small_run.h"

namespace ecumene::engine::train {
namespace {

using data::planet::Split;

const report::GraphScore& of(const std::vector<report::GraphScore>& scores, const std::string& name) {
  static const report::GraphScore kNone;
  for (const report::GraphScore& score : scores) {
    if (score.name == name) return score;
  }
  ADD_FAILURE() << name << " is not there";
  return kNone;
}

TEST(RunNetworks, OfFewEachIsOfAnotherPlanetAndArchetype) {
  const data::store::Store store = storeOf(test::nano());
  const auto few = metabolismsOf(store, Split::kTrain, 3), all = metabolismsOf(store, Split::kTrain);
  ASSERT_EQ(few.size(), 3U);
  std::set<data::planet::Archetype> archetypes;
  std::set<std::string> ids;
  for (const auto& metabolism : few) archetypes.insert(metabolism.archetype);
  for (const auto& metabolism : all) ids.insert(metabolism.network.id);
  EXPECT_EQ(archetypes.size(), 3U);
  EXPECT_EQ(ids.size(), all.size());
  EXPECT_GT(all.size(), 8U);
  for (const auto& metabolism : few) EXPECT_TRUE(ids.contains(metabolism.network.id));
}

TEST(RunNetworks, ScoresAreSharesOfWhatWasDrawnAndFoundAgain) {
  networks::SamplingReport said;
  said.learned = 1234;
  said.verdicts = {{.reactions = 10,
                    .judged = 8,
                    .balanced = 6,
                    .feasible = true,
                    .consistent = false,
                    .novel = true,
                    .nearestF1 = 0.5},
                   {.reactions = 2,
                    .judged = 2,
                    .balanced = 2,
                    .feasible = true,
                    .consistent = true,
                    .novel = false,
                    .nearestF1 = 1.0},
                   {.reactions = 1,
                    .judged = 0,
                    .balanced = 0,
                    .feasible = false,
                    .consistent = false,
                    .novel = true,
                    .nearestF1 = 0.0}};
  said.recoveries = {{.auroc = 0.8, .topShare = 0.25, .chance = 0.01},
                     {.auroc = 0.6, .topShare = 0.75, .chance = 0.03}};
  const auto scores = samplingScores(said, Split::kTest);
  EXPECT_NEAR(of(scores, "balanced").estimate.value, 0.8, 1e-12);
  EXPECT_EQ(of(scores, "balanced").counted, "10 reactions");
  EXPECT_NEAR(of(scores, "feasible").estimate.value, 2.0 / 3.0, 1e-12);
  EXPECT_EQ(of(scores, "feasible").counted, "3 networks");
  EXPECT_EQ(of(scores, "feasible").networks, "drawn");
  EXPECT_NEAR(of(scores, "thermodynamically consistent").estimate.value, 1.0 / 3.0, 1e-12);
  EXPECT_NEAR(of(scores, "novel").estimate.value, 2.0 / 3.0, 1e-12);
  EXPECT_EQ(of(scores, "novel").meaning, "share that is the set of none of 1,234 training networks");
  EXPECT_NEAR(of(scores, "nearest F1").estimate.value, 0.5, 1e-12);
  EXPECT_NEAR(of(scores, "recovery AUROC").estimate.value, 0.7, 1e-12);
  EXPECT_EQ(of(scores, "recovery AUROC").networks, "test");
  EXPECT_NEAR(of(scores, "recovery, top share").estimate.value, 0.5, 1e-12);
  EXPECT_NEAR(of(scores, "recovery, by chance").estimate.value, 0.02, 1e-12);
  EXPECT_TRUE(samplingScores({}, Split::kTest).empty());
}

}  // namespace
}  // namespace ecumene::engine::train
