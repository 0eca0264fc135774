// SPDX-License-Identifier: Apache-2.0
#include "data/physics/flux/flux_balance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "data/base/error.h"
#include "tests/data/physics/flux/small_networks.h"

namespace ecumene::data::physics::flux {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kExact = 1e-8;

// Wyndor Glass (Hillier & Lieberman, Introduction to Operations Research, ch. 3): max 3x + 5y, x <= 4, 2y <= 12,
// 3x + 2y <= 18 has its optimum 36 at (2, 6).
planet::MetabolicNetwork wyndor() {
  planet::MetabolicNetwork network;
  network.id = "wyndor";
  addReaction(network, "PLANT1", {{"hours1", 1.0}}, 0.0, 4.0);
  addReaction(network, "PLANT2", {{"hours2", 1.0}}, 0.0, 12.0);
  addReaction(network, "PLANT3", {{"hours3", 1.0}}, 0.0, 18.0);
  addReaction(network, "DOORS", {{"hours1", -1.0}, {"hours3", -3.0}}, 0.0, kInfinity).objective = 3.0;
  addReaction(network, "WINDOWS", {{"hours2", -2.0}, {"hours3", -2.0}}, 0.0, kInfinity).objective = 5.0;
  return network;
}

TEST(FluxBalance, SolvesTheTextbookProgram) {
  const Solution s = solve(wyndor());
  ASSERT_EQ(s.status, Status::kOptimal);
  EXPECT_NEAR(s.objective, 36.0, kExact);
  EXPECT_NEAR(s.fluxes[3], 2.0, kExact);
  EXPECT_NEAR(s.fluxes[4], 6.0, kExact);
  EXPECT_LT(largestResidual(wyndor(), s.fluxes), kTolerance * 10);
}

TEST(FluxBalance, MinimisesWhereTheNetworkSaysSo) {
  planet::MetabolicNetwork network = wyndor();
  network.maximise = false;
  addReaction(network, "DEMAND", {{"hours1", -1.0}}, 1.5, 4.0).objective = 2.0;
  EXPECT_NEAR(solve(network).objective, 3.0, kExact);  // 2 x the least demand, nothing produced
}

TEST(FluxBalance, DemandAboveSupplyIsInfeasible) {
  planet::MetabolicNetwork network = twoRoutes();
  addReaction(network, "MAINTENANCE", {{"b", -1.0}}, 10.5, 1000.0);
  const Solution s = solve(network);
  EXPECT_EQ(s.status, Status::kInfeasible);
  EXPECT_TRUE(s.fluxes.empty());
  EXPECT_EQ(solveParsimonious(network).status, Status::kInfeasible);
  EXPECT_TRUE(FluxBalance(network).variability().empty());
  network.reactions.back().lowerBound = 9.5;
  EXPECT_NEAR(solve(network).objective, 0.5, kExact);
}

TEST(FluxBalance, UnlimitedSupplyIsUnbounded) {
  planet::MetabolicNetwork network;
  network.id = "unlimited";
  addReaction(network, "EX_a", {{"a", -1.0}}, -kInfinity, kInfinity);
  addReaction(network, "OUT", {{"a", -1.0}}, 0.0, kInfinity).objective = 1.0;
  EXPECT_EQ(solve(network).status, Status::kUnbounded);
  network.reactions[0].lowerBound = -7.0;
  EXPECT_NEAR(solve(network).objective, 7.0, kExact);
}

TEST(FluxBalance, InfeasibleIsNotMistakenForUnbounded) {
  planet::MetabolicNetwork network;
  network.id = "both";
  addReaction(network, "FREE", {{"a", -1.0}}, -kInfinity, kInfinity);
  addReaction(network, "OUT", {{"a", -1.0}}, 0.0, kInfinity).objective = 1.0;
  addReaction(network, "FORCED", {{"b", -1.0}}, 1.0, 2.0);  // nothing makes b
  EXPECT_EQ(solve(network).status, Status::kInfeasible);
}

TEST(FluxBalance, ParsimoniousTakesTheShortRoute) {
  const Solution s = solveParsimonious(twoRoutes());
  ASSERT_EQ(s.status, Status::kOptimal);
  EXPECT_NEAR(s.objective, 10.0, kExact);
  const std::vector<double> expected{-10.0, -10.0, 0.0, 0.0, 0.0, 10.0};
  for (std::size_t r = 0; r < expected.size(); ++r) EXPECT_NEAR(s.fluxes[r], expected[r], kExact) << r;
  EXPECT_NEAR(totalAbsoluteFlux(s.fluxes), 30.0, kExact);
}

TEST(FluxBalance, ParsimoniousCountsReactionsThatOnlyRunBackwards) {
  planet::MetabolicNetwork network = twoRoutes();
  network.reactions[1].upperBound = -0.5;
  addReaction(network, "IDLE1", {{"b", -1.0}, {"x", 1.0}}, -1000.0,
              0.0);  // with the next one a loop that must stand still
  addReaction(network, "IDLE2", {{"x", -1.0}, {"b", 1.0}}, -1000.0, 0.0);
  EXPECT_NEAR(totalAbsoluteFlux(solveParsimonious(network).fluxes), 30.0, kExact);
}

TEST(FluxBalance, SmallCoefficientsCount) {
  planet::MetabolicNetwork network = twoRoutes();
  network.reactions[5].stoichiometry.emplace_back(network.metabolites.size(), -1e-8);
  network.metabolites.emplace_back();
  network.metabolites.back().id = "trace";
  addReaction(network, "EX_trace", {{"trace", -1.0}}, -5e-8, 0.0);
  EXPECT_NEAR(solve(network).objective, 5.0, 0.2);  // the trace allows 5; tolerance 1e-9 / 1e-8
}

TEST(FluxBalance, ParsimoniousFillsTheDetourOnlyWithWhatIsLeft) {
  FluxBalance balance(twoRoutes());
  balance.setBounds(1, -7.5, 1000.0);
  const Solution s = balance.solveParsimonious();
  EXPECT_NEAR(s.objective, 10.0, kExact);
  EXPECT_NEAR(totalAbsoluteFlux(s.fluxes), 10.0 + 7.5 + 3.0 * 2.5 + 10.0, kExact);
}

TEST(FluxBalance, VariabilityGivesTheRangeOfEachRoute) {
  FluxBalance balance(twoRoutes());
  const std::vector<FluxRange> whole = balance.variability();
  // The detour carries 0 to 4, the direct step the rest, written backwards.
  EXPECT_NEAR(whole[1].minimum, -10.0, kExact);
  EXPECT_NEAR(whole[1].maximum, -6.0, kExact);
  EXPECT_NEAR(whole[3].minimum, 0.0, kExact);
  EXPECT_NEAR(whole[3].maximum, 4.0, kExact);
  EXPECT_NEAR(whole[5].minimum, 10.0, kExact);
  const std::vector<FluxRange> half = balance.variability(0.5);
  EXPECT_NEAR(half[5].minimum, 5.0, kExact);
  EXPECT_NEAR(half[5].maximum, 10.0, kExact);
  EXPECT_NEAR(half[1].maximum, -1.0, kExact);
  EXPECT_THROW(balance.variability(1.5), Error);
}

TEST(FluxBalance, VariabilityOfAnUnlimitedLoopIsInfinite) {
  planet::MetabolicNetwork network = twoRoutes();
  addReaction(network, "LOOP1", {{"a", -1.0}, {"x", 1.0}}, 0.0, kInfinity);
  addReaction(network, "LOOP2", {{"x", -1.0}, {"a", 1.0}}, 0.0, kInfinity);
  FluxBalance balance(network);
  const std::vector<FluxRange> ranges = balance.variability();
  EXPECT_EQ(ranges[6].maximum, kInfinity);
  EXPECT_NEAR(ranges[6].minimum, 0.0, kExact);
  EXPECT_NEAR(ranges[5].maximum, 10.0, kExact);
}

TEST(FluxBalance, NewBoundsAndObjectivesTakeEffect) {
  FluxBalance balance(twoRoutes());
  EXPECT_NEAR(balance.solve().objective, 10.0, kExact);
  balance.setBounds(0, -2.0, 1000.0);
  EXPECT_EQ(balance.lowerBound(0), -2.0);
  EXPECT_EQ(balance.upperBound(0), 1000.0);
  EXPECT_NEAR(balance.solve().objective, 2.0, kExact);
  balance.setBounds(0, -10.0, 1000.0);
  balance.setObjective(3);
  EXPECT_NEAR(balance.solve().objective, 4.0, kExact);
  balance.setObjective(1, false);
  EXPECT_NEAR(balance.solve().objective, -10.0, kExact);
}

TEST(FluxBalance, AnswerDependsNeitherOnEarlierSolvesNorOnOtherThreads) {
  const std::vector<double> fresh = solve(twoRoutes()).fluxes;
  FluxBalance balance(twoRoutes());
  for (const double uptake : {1.0, 3.0, 0.0, 9.0}) {
    balance.setBounds(0, -uptake, 1000.0);
    balance.setObjective(uptake > 2.0 ? 3 : 5);
    balance.solve();
  }
  balance.setBounds(0, -10.0, 1000.0);
  balance.setObjective(5);
  EXPECT_EQ(balance.solve().fluxes, fresh);

  std::vector<std::vector<double>> answers(4);
  {
    std::vector<std::jthread> threads;
    for (std::vector<double>& answer : answers) {
      threads.emplace_back([&answer] {
        for (int i = 0; i < 50; ++i) answer = solve(twoRoutes()).fluxes;
      });
    }
  }
  for (const std::vector<double>& answer : answers) EXPECT_EQ(answer, fresh);
}

TEST(FluxBalance, RefusesWhatTheSolverWouldDropInSilence) {
  planet::MetabolicNetwork network = twoRoutes();
  network.reactions[2].stoichiometry[0].second = -1e-13;
  try {
    solve(network);
    FAIL() << "a coefficient of 1e-13 was taken";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("two_routes"), std::string::npos) << error.what();
  }
}

TEST(FluxBalance, RefusesBoundsThatHoldNoFlux) {
  FluxBalance balance(twoRoutes());
  EXPECT_THROW(balance.setBounds(0, 2.0, 1.0), Error);
  EXPECT_THROW(balance.setBounds(0, std::nan(""), 1.0), Error);
  EXPECT_THROW(balance.setBounds(0, kInfinity, kInfinity), Error);
  EXPECT_THROW(balance.setBounds(99, 0.0, 1.0), Error);
  EXPECT_NEAR(balance.solve().objective, 10.0, kExact);  // a refused change changes nothing
  planet::MetabolicNetwork crossed = twoRoutes();
  crossed.reactions[3].lowerBound = 2000.0;
  EXPECT_THROW(solve(crossed), Error);
}

TEST(FluxBalance, NetworkWithoutReactionsHasNothingToDo) {
  const Solution s = solve(planet::MetabolicNetwork{});
  EXPECT_EQ(s.status, Status::kOptimal);
  EXPECT_EQ(s.objective, 0.0);
}

}  // namespace
}  // namespace ecumene::data::physics::flux
