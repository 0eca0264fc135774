// SPDX-License-Identifier: Apache-2.0
// Truth: finite differences; a view that is hidden as a whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/base/error.h"
#include "engine/inspect/attribution.h"
#include "tests/engine/inspect/inspected_run.h"

namespace ecumene {
namespace {

namespace fusion = models::fusion;
using engine::inspect::Inputs;
using engine::inspect::Subject;
using engine::inspect::Target;

Inputs inputsOf(const Subject& subject) {
  return engine::inspect::inputsOf(test::openedRun(), subject);
}
std::vector<float> attribution(const Subject& subject, const Inputs& inputs, const char* target) {
  return engine::inspect::gradientTimesInput(test::openedRun(), subject, inputs, Target(target));
}
double without(const Subject& subject, const Inputs& inputs, const std::vector<std::size_t>& removed,
               const char* target) {
  return engine::inspect::withoutInputs(test::openedRun(), subject, inputs, removed, Target(target));
}
std::vector<std::size_t> indicesOf(const Inputs& inputs, fusion::View view) {
  const auto v = static_cast<std::size_t>(view);
  std::vector<std::size_t> all(inputs.first.at(v + 1) - inputs.first.at(v));
  std::iota(all.begin(), all.end(), inputs.first.at(v));
  return all;
}

TEST(InspectorAttribution, IsTheDerivativeByAFactorOnTheInput) {
  const auto subject = test::subject();
  const Inputs inputs = inputsOf(*subject);
  for (const char* name : {"viable", "habitable", "f_hab", "regime:caps"}) {
    const std::vector<float> attributed = attribution(*subject, inputs, name);
    // The scalar that matters most: small differences drown in float32.
    std::vector<std::size_t> scalars = indicesOf(inputs, fusion::kScalars);
    const std::size_t i =
        *std::ranges::max_element(scalars, {}, [&](std::size_t s) { return std::abs(attributed[s]); });
    const auto scaled = [&](double factor) {
      auto changed = test::subject();
      changed->input.scalars.values_BN = changed->input.scalars.values_BN.clone();
      changed->input.scalars.values_BN[0][inputs.index[i]].mul_(factor);
      return without(*changed, inputs, {}, name);
    };
    constexpr double kStep = 4e-3;
    const double slope = (scaled(1.0 + kStep) - scaled(1.0 - kStep)) / (2.0 * kStep);
    EXPECT_NEAR(attributed[i], slope, 0.05 * std::abs(slope) + 1e-4) << name << ' ' << inputs.tokens[i].id;
    EXPECT_GT(std::abs(slope), 1e-4) << name;
  }
}

TEST(InspectorAttribution, OfAllPatchesIsTheDerivativeByAFactorOnTheCube) {
  const auto subject = test::subject();
  const Inputs inputs = inputsOf(*subject);
  const std::vector<float> attributed = attribution(*subject, inputs, "habitable");
  double sum = 0.0;
  for (const std::size_t i : indicesOf(inputs, fusion::kClimate)) sum += static_cast<double>(attributed[i]);
  const auto scaled = [&](double factor) {
    auto changed = test::subject();
    changed->input.climate.levels_BVEMYXL = changed->input.climate.levels_BVEMYXL * factor;
    changed->input.climate.surface_BSEMYX = changed->input.climate.surface_BSEMYX * factor;
    return without(*changed, inputs, {}, "habitable");
  };
  constexpr double kStep = 1e-2;
  const double slope = (scaled(1.0 + kStep) - scaled(1.0 - kStep)) / (2.0 * kStep);
  EXPECT_NEAR(sum, slope, 0.05 * std::abs(slope) + 1e-4);
}

TEST(InspectorAttribution, OfAHiddenViewIsZero) {
  const auto subject = test::subject({"climate", "text"});
  const Inputs inputs = inputsOf(*subject);
  const std::vector<float> attributed = attribution(*subject, inputs, "viable");
  for (const fusion::View view : {fusion::kClimate, fusion::kText}) {
    ASSERT_FALSE(indicesOf(inputs, view).empty());
    for (const std::size_t i : indicesOf(inputs, view)) {
      EXPECT_EQ(attributed[i], 0.0F);
      EXPECT_FALSE(inputs.shown[i]);
    }
  }
  for (const fusion::View view : {fusion::kGraph, fusion::kSpectrum, fusion::kScalars}) {
    const auto own = indicesOf(inputs, view);
    EXPECT_TRUE(std::ranges::any_of(own, [&](std::size_t i) { return attributed[i] != 0.0F; }));
  }
}

TEST(InspectorAttribution, AViewTakenAwayPieceByPieceIsHidden) {
  const auto subject = test::subject();
  const Inputs inputs = inputsOf(*subject);
  const double all = without(*subject, inputs, {}, "viable");
  for (const fusion::View view : {fusion::kGraph, fusion::kSpectrum, fusion::kText, fusion::kScalars}) {
    const auto hidden = test::subject({std::string(fusion::name(view))});
    const double expected = without(*hidden, inputs, {}, "viable");
    EXPECT_NEAR(without(*subject, inputs, indicesOf(inputs, view), "viable"), expected, 1e-5) << fusion::name(view);
    EXPECT_NE(all, expected) << fusion::name(view);
  }
}

TEST(InspectorAttribution, NodesThatAreTakenAwayTakeTheirEdges) {
  const auto subject = test::subject();
  const Inputs inputs = inputsOf(*subject);
  const auto nodes = indicesOf(inputs, fusion::kGraph);
  const double all = without(*subject, inputs, {}, "viable");
  const double some = without(*subject, inputs, {nodes.begin(), nodes.begin() + 7}, "viable");
  const double most = without(*subject, inputs, {nodes.begin(), nodes.end() - 1}, "viable");
  EXPECT_NE(all, some);
  EXPECT_NE(some, most);
  EXPECT_TRUE(std::isfinite(most));
}

TEST(InspectorAttribution, FusionsAttentionIsSharedAmongAllInputs) {
  const auto subject = test::subject();
  const Inputs inputs = inputsOf(*subject);
  const std::vector<float> read = engine::inspect::fusionAttention(test::openedRun(), *subject, inputs);
  EXPECT_NEAR(std::accumulate(read.begin(), read.end(), 0.0), 1.0, 1e-4);
  EXPECT_TRUE(std::ranges::all_of(read, [](float value) { return value >= 0.0F; }));
}

TEST(InspectorAttribution, DeletionSetsTheFirstBesideRandomOnes) {
  auto& run = test::openedRun();
  const auto subject = test::subject();
  const Inputs inputs = inputsOf(*subject);
  const std::vector<float> attributed = attribution(*subject, inputs, "viable");
  const auto tested = [&](std::size_t k, std::uint64_t seed) {
    return engine::inspect::deletionTest(run, *subject, inputs, Target("viable"), attributed, k, 3, seed);
  };
  const auto deletion = tested(5, 1);
  ASSERT_EQ(deletion.removed.size(), 5U);
  const auto magnitude = [&](std::size_t i) { return std::abs(attributed[i]); };
  const float least = magnitude(deletion.removed.back());
  std::size_t above = 0;
  for (std::size_t i = 0; i < attributed.size(); ++i) above += magnitude(i) > least ? 1U : 0U;
  EXPECT_LE(above, 4U);
  double sum = 0.0;
  for (const std::size_t i : deletion.removed) sum += static_cast<double>(attributed[i]);
  EXPECT_NEAR(deletion.expectedChange, -sum, 1e-9);
  EXPECT_EQ(deletion.before, without(*subject, inputs, {}, "viable"));
  EXPECT_EQ(deletion.after, without(*subject, inputs, deletion.removed, "viable"));
  EXPECT_NE(deletion.after, deletion.before);
  EXPECT_EQ(deletion.random, tested(5, 1).random);
  EXPECT_NE(deletion.random, tested(5, 2).random);
  // All inputs: whichever are drawn, nothing is left.
  const auto everything = tested(1000000, 1);
  EXPECT_NEAR(everything.random.front(), everything.after, 1e-6);
}

TEST(InspectorAttribution, ASmallInputMovesThePredictionAsItIsSaidTo) {
  // To first order means: of an input scaled almost to nothing but not quite, the change has the sign of the
  // attribution.
  const auto subject = test::subject();
  const Inputs inputs = inputsOf(*subject);
  const std::vector<float> attributed = attribution(*subject, inputs, "f_hab");
  const auto nodes = indicesOf(inputs, fusion::kGraph);
  const std::size_t i = *std::ranges::max_element(nodes, {}, [&](std::size_t n) { return std::abs(attributed[n]); });
  auto changed = test::subject();
  changed->input.graph.nodes_NF = changed->input.graph.nodes_NF.clone();
  changed->input.graph.nodes_NF[inputs.index[i]].mul_(0.95);
  const double change = without(*changed, inputs, {}, "f_hab") - without(*subject, inputs, {}, "f_hab");
  EXPECT_GT(-change * static_cast<double>(attributed[i]), 0.0);
}

TEST(InspectorAttribution, RefusesTargetsThatTheModelHasNot) {
  EXPECT_THROW(Target("beauty"), Error);
  EXPECT_THROW(Target("regime:tepid"), Error);
  EXPECT_EQ(Target("regime:caps").unit(), "ln probability");
}

}  // namespace
}  // namespace ecumene
