// SPDX-License-Identifier: Apache-2.0
#include "data/physics/flux/fba.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "tests/data/physics/flux/small_networks.h"

namespace ecumene::data::physics::flux {
namespace {

using Strings = std::vector<std::string>;

TEST(Fba, PlainRequestGivesTheOptimumAndAllFluxesInOrder) {
  const FbaAnswer answer = fba(twoRoutes(), {});
  EXPECT_EQ(answer.status, Status::kOptimal);
  EXPECT_NEAR(answer.objective, 10.0, 1e-8);
  ASSERT_EQ(answer.fluxes.size(), 6U);
  EXPECT_EQ(answer.fluxes[0].first, "EX_a");
  EXPECT_EQ(answer.fluxes[5].first, "OUT");
  EXPECT_NEAR(answer.fluxes[5].second, 10.0, 1e-8);
  EXPECT_FALSE(answer.totalAbsoluteFlux);
  EXPECT_TRUE(answer.stopped.empty());
}

TEST(Fba, KnockOutsAndBoundsActTogether) {
  FbaRequest request;
  request.geneKnockOuts = {"g2"};
  FbaAnswer answer = fba(twoRoutes(), request);
  EXPECT_NEAR(answer.objective, 4.0, 1e-8);  // the detour's capacity
  EXPECT_EQ(answer.stopped, Strings{"DIRECT"});
  request.bounds = {{"A_C", 0.0, 2.5}};
  EXPECT_NEAR(fba(twoRoutes(), request).objective, 2.5, 1e-8);
  request.knockOuts = {"C_D"};
  answer = fba(twoRoutes(), request);
  EXPECT_NEAR(answer.objective, 0.0, 1e-8);
  EXPECT_EQ(answer.stopped, (Strings{"DIRECT", "C_D"}));
}

TEST(Fba, GeneKnockOutWinsOverABoundOfItsReaction) {
  FbaRequest request;
  request.geneKnockOuts = {"g1"};
  request.bounds = {{"DIRECT", -3.0, 0.0}};
  EXPECT_NEAR(fba(twoRoutes(), request).objective, 4.0, 1e-8);
}

TEST(Fba, ParsimoniousTellsTheTotal) {
  FbaRequest request;
  request.parsimonious = true;
  const FbaAnswer answer = fba(twoRoutes(), request);
  ASSERT_TRUE(answer.totalAbsoluteFlux);
  EXPECT_NEAR(*answer.totalAbsoluteFlux, 30.0, 1e-8);
}

TEST(Fba, InfeasibleHasNoFluxes) {
  FbaRequest request;
  request.bounds = {{"OUT", 11.0, 1000.0}};
  const FbaAnswer answer = fba(twoRoutes(), request);
  EXPECT_EQ(answer.status, Status::kInfeasible);
  EXPECT_EQ(answer.objective, 0.0);
  EXPECT_TRUE(answer.fluxes.empty());
}

TEST(Fba, UnknownIdsNameTheNearest) {
  const std::vector<std::pair<FbaRequest, std::string>> rows{
      {{{"DIRECTT"}, {}, {}, false}, "DIRECT"},
      {{{}, {"g33"}, {}, false}, "g3"},
      {{{}, {}, {{"ex_a", 0.0, 1.0}}, false}, "EX_a"},
  };
  for (const auto& [request, near] : rows) {
    try {
      fba(twoRoutes(), request);
      FAIL() << near;
    } catch (const Error& error) {
      EXPECT_EQ(error.nextStep(), "did you mean " + near + "?");
      EXPECT_EQ(error.object(), "two_routes");
    }
  }
}

TEST(Fba, AReactionNamedTwiceIsRefused) {
  FbaRequest request;
  request.knockOuts = {"OUT"};
  request.bounds = {{"OUT", 0.0, 1.0}};
  EXPECT_THROW(fba(twoRoutes(), request), Error);
  request = {};
  request.bounds = {{"OUT", 0.0, 1.0}, {"OUT", 0.0, 2.0}};
  EXPECT_THROW(fba(twoRoutes(), request), Error);
}

TEST(ParseBoundChange, ReadsIdsWithSignsAndInfinities) {
  const BoundChange plain = parseBoundChange("EX_glc__D_e=-5:1e3");
  EXPECT_EQ(plain.reaction, "EX_glc__D_e");
  EXPECT_EQ(plain.lower, -5.0);
  EXPECT_EQ(plain.upper, 1000.0);
  const BoundChange odd = parseBoundChange("a=b:c=-inf:+2.5");
  EXPECT_EQ(odd.reaction, "a=b:c");
  EXPECT_TRUE(std::isinf(odd.lower));
  EXPECT_EQ(odd.upper, 2.5);
}

TEST(ParseBoundChange, RefusesAnythingElse) {
  for (const char* text : {"", "x", "x=1", "=1:2", "x=1:", "x=:2", "x=1:2:3", "x=a:b", "x=nan:1", "x=1 :2", "x:1=2"}) {
    try {
      parseBoundChange(text);
      FAIL() << text << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage) << text;
    }
  }
}

}  // namespace
}  // namespace ecumene::data::physics::flux
