// SPDX-License-Identifier: Apache-2.0
// Truth: sums by hand; the coverage of an interval by draws from the distribution that declares it.
#include "engine/report/graph_scores.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/base/random.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine::report;

const GraphScore& of(const std::vector<GraphScore>& scores, const std::string& networks, const std::string& name) {
  static const GraphScore kNone;
  for (const GraphScore& score : scores) {
    if (score.networks == networks && score.name == name) return score;
  }
  ADD_FAILURE() << networks << " " << name << " is not there";
  return kNone;
}

TEST(GraphScores, CountWhatTheRowsHold) {
  std::vector<NetworkRow> rows(5);
  rows[0] = {.split = "test", .system = "a", .setF1 = 0.5, .fluxes = 10, .insideHalf = 5, .inside90 = 8, .widths = 20};
  rows[1] = {.split = "test", .system = "a", .setF1 = 0.7, .fluxes = 30, .insideHalf = 5, .inside90 = 28, .widths = 30};
  rows[2] = {.split = "test", .system = "b", .setF1 = 0.9};  // no flux is known
  rows[3] = {.split = "validation", .system = "c", .setF1 = 1.0};
  rows[4] = {.split = "train", .system = "d", .setF1 = 0.1};
  const auto scores = graphScores(rows);
  EXPECT_EQ(scores.size(), 5U);
  const GraphScore& f1 = of(scores, "test", "reaction-set F1");
  EXPECT_NEAR(f1.estimate.value, 0.7, 1e-12);
  EXPECT_EQ(f1.counted, "3 networks");
  EXPECT_EQ(f1.estimate.planets, 2U);
  const GraphScore& most = of(scores, "test", "flux coverage of 90 %");
  EXPECT_NEAR(most.estimate.value, 36.0 / 40.0, 1e-12);
  EXPECT_EQ(most.counted, "40 fluxes");
  EXPECT_NEAR(of(scores, "test", "flux coverage of 50 %").estimate.value, 0.25, 1e-12);
  EXPECT_NEAR(of(scores, "test", "flux interval width").estimate.value, 50.0 / 40.0, 1e-12);
  EXPECT_NEAR(of(scores, "validation", "reaction-set F1").estimate.value, 1.0, 1e-12);
  EXPECT_TRUE(graphScores({}).empty());
}

TEST(GraphScores, TheIntervalIsOverDrawsOfSystems) {
  // Systems are wholly right or wholly wrong, so how many networks each has does not narrow the interval.
  std::vector<NetworkRow> rows;
  for (int system = 0; system < 40; ++system) {
    for (int i = 0; i < 50; ++i) {
      rows.push_back({.split = "test", .system = std::to_string(system), .setF1 = system % 2 == 0 ? 1.0 : 0.0});
    }
  }
  const Estimate f1 = of(graphScores(rows), "test", "reaction-set F1").estimate;
  const double error = std::sqrt(0.25 / 40.0);
  EXPECT_NEAR(f1.high - f1.low, 2.0 * 1.96 * error, 0.1 * 2.0 * 1.96 * error);
}

}  // namespace
