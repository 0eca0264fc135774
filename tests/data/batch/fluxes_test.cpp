// SPDX-License-Identifier: Apache-2.0
#include "data/batch/fluxes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/physics/flux/flux_balance.h"
#include "tests/data/batch/fed_metabolism.h"

namespace ecumene::data::batch {
namespace {

constexpr std::size_t kRoom = std::size_t{1} << 20U;

TEST(FluxTargets, AreTheOptimumByWhichViabilityWasJudged) {
  const FedMetabolism fed = fedMethanogen();
  ASSERT_TRUE(fed.metabolism.viability->viable);
  FluxTargets targets(kRoom);
  const auto fluxes = targets.get(fed.metabolism, fed.truth);
  ASSERT_NE(fluxes, nullptr);
  const planet::MetabolicNetwork& network = fed.metabolism.metabolism.network;
  ASSERT_EQ(fluxes->size(), network.reactions.size());
  // Nothing piles up: S v = 0.
  std::vector<double> left(network.metabolites.size(), 0.0);
  std::vector<double> turnover(network.metabolites.size(), 0.0);
  double growth = 0.0;
  for (std::size_t r = 0; r < fluxes->size(); ++r) {
    const auto flux = static_cast<double>((*fluxes)[r]);
    growth += network.reactions[r].objective * flux;
    for (const auto& [m, coefficient] : network.reactions[r].stoichiometry) {
      left[m] += coefficient * flux;
      turnover[m] += std::abs(coefficient * flux);
    }
  }
  for (std::size_t m = 0; m < left.size(); ++m) EXPECT_NEAR(left[m], 0.0, 1e-6 * turnover[m] + 1e-7) << m;
  EXPECT_NEAR(growth, *fed.metabolism.viability->growthPerHour, 1e-6 * growth);
  const std::size_t maintenance = *network.reactionIndex("ATPM");
  EXPECT_GE(static_cast<double>((*fluxes)[maintenance]), *fed.metabolism.viability->maintenanceMmolAtp * (1.0 - 1e-6));
  const std::size_t methane = *network.reactionIndex("EX_ch4_e");
  EXPECT_GT((*fluxes)[methane], 0.0F);
}

TEST(FluxTargets, AreNotKnownWithoutVerdictTruthOrGrowth) {
  const FedMetabolism fed = fedMethanogen();
  FluxTargets targets(kRoom);
  EXPECT_EQ(targets.get(fed.metabolism, std::nullopt), nullptr);
  planet::MetabolismCase unjudged = fed.metabolism;
  unjudged.viability.reset();
  EXPECT_EQ(targets.get(unjudged, fed.truth), nullptr);
  planet::MetabolismCase starved = fed.metabolism;
  starved.viability->optimal = false;
  EXPECT_EQ(targets.get(starved, fed.truth), nullptr);
  planet::PlanetTruth dry = fed.truth;
  dry.surface.oceanFraction = 0.0;
  EXPECT_EQ(targets.get(fed.metabolism, dry), nullptr);
  EXPECT_EQ(targets.bytes(), 0U);
}

TEST(FluxTargets, AreKeptByContentAndWithinTheirBound) {
  const FedMetabolism fed = fedMethanogen();
  FluxTargets targets(kRoom);
  const auto once = targets.get(fed.metabolism, fed.truth);
  planet::MetabolismCase renamed = fed.metabolism;
  renamed.metabolism.network.name = "another";
  EXPECT_EQ(targets.get(renamed, fed.truth), once);
  planet::MetabolismCase warmer = fed.metabolism;
  warmer.viability->windowTemperatureK = 303.0;
  const auto other = targets.get(warmer, fed.truth);
  ASSERT_NE(other, nullptr);
  EXPECT_NE(*other, *once);
  EXPECT_GE(targets.bytes(), 2 * once->size() * sizeof(float));
  FluxTargets none(10);
  EXPECT_EQ(*none.get(fed.metabolism, fed.truth), *once);
  EXPECT_EQ(none.bytes(), 0U);
}

}  // namespace
}  // namespace ecumene::data::batch
