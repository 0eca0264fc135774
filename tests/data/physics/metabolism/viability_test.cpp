// SPDX-License-Identifier: Apache-2.0
// viable(m) and the sign tests of science.md 4.4 and 4.5.
#include "data/physics/metabolism/viability.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "data/base/error.h"
#include "data/physics/flux/flux_balance.h"
#include "data/physics/metabolism/energetics.h"
#include "data/physics/metabolism/variants.h"
#include "tests/data/physics/metabolism/small_planet.h"
#include "tests/support/number_table.h"

namespace ecumene::data::physics::metabolism {
namespace {

using planet::Archetype;
using planet::Gas;

constexpr std::uint64_t kViabilitySeed = 3;
constexpr int kViabilityVariants = 16;

planet::PlanetTruth earlyEarth(double hydrogen, double oxygen) {
  auto truth = test::planetWithAir();
  test::addGas(truth, Gas::kCO2, 0.05);
  test::addGas(truth, Gas::kCH4, 1e-4);
  test::addGas(truth, Gas::kH2S, 1e-6);
  test::addGas(truth, Gas::kH2, hydrogen);
  test::addGas(truth, Gas::kO2, oxygen);
  return truth;
}

// The first variant with the archetype's unshifted window.
planet::Metabolism mesophile(Archetype archetype) {
  for (int v = 0;; ++v) {
    auto m = makeMetabolism(archetype, v, kViabilitySeed);
    if (m.growthMinK == metabolism::archetype(archetype).growthMinK) return m;
  }
}

int viableVariants(Archetype archetype, const planet::ClimateCube& climate, const planet::PlanetTruth& truth) {
  int count = 0;
  for (int v = 0; v < kViabilityVariants; ++v) {
    count += assess(makeMetabolism(archetype, v, kViabilitySeed), climate, truth).viable ? 1 : 0;
  }
  return count;
}

TEST(Viability, EachConditionOfTheDefinitionDecides) {
  const auto m = mesophile(Archetype::kMethanogen);
  const auto truth = earlyEarth(0.02, 0.0);
  const auto warm = test::uniformClimate(295.0, 200.0);
  const auto result = assess(m, warm, truth);
  EXPECT_TRUE(result.viable);
  EXPECT_TRUE(result.optimal);
  EXPECT_NEAR(result.window, 1.0, 1e-9);
  EXPECT_NEAR(result.windowTemperatureK.value(), 295.0, 1e-4);
  EXPECT_NEAR(result.maintenanceMmolAtp.value(), maintenanceMmolAtp(295.0), 1e-5);
  EXPECT_GT(result.productivity, 0.0);

  auto dry = truth;
  dry.surface.oceanFraction = 0.0;
  EXPECT_FALSE(assess(m, warm, dry).viable);
  dry.surface.soilMoistureM = 0.1;
  EXPECT_TRUE(assess(m, warm, dry).viable);

  EXPECT_FALSE(assess(m, test::uniformClimate(250.0, 200.0), truth).viable);
  // One half month of twelve, on one hemisphere, is 4.2 %: enough; nothing is changed by what the rest does.
  auto brief = test::uniformClimate(250.0, 200.0);
  test::setNorth(brief, 5, 295.0, 200.0);
  EXPECT_TRUE(assess(m, brief, truth).viable);

  Environment narrow = environmentOf(warm, truth, m.growthMinK, m.growthMaxK);
  narrow.window = 0.009;
  EXPECT_FALSE(assess(m, narrow).viable);
  EXPECT_GT(assess(m, narrow).growthPerHour.value(), kLeastGrowthPerHour);

  // The same planet fails a demand for more energy than its air holds.
  EXPECT_FALSE(assess(m, warm, truth, *result.catabolicEnergyKJ - 1.0).viable);
  EXPECT_TRUE(assess(m, warm, truth, *result.catabolicEnergyKJ + 1.0).viable);
}

TEST(Viability, WhatIsNotEvaluatedIsAbsent) {
  const auto m = mesophile(Archetype::kAcetogen);
  const auto result = assess(m, test::uniformClimate(200.0, 50.0), earlyEarth(0.1, 0.0));
  EXPECT_EQ(result, planet::Viability{});
  EXPECT_FALSE(result.windowTemperatureK || result.growthPerHour || result.catabolicEnergyKJ ||
               result.maintenanceMmolAtp);
  // Warm but waterless: the window's temperature is known, nothing else is.
  auto waterless = earlyEarth(0.1, 0.0);
  waterless.surface.oceanFraction = waterless.surface.soilMoistureM = 0.0;
  const auto dry = assess(m, test::uniformClimate(295.0, 50.0), waterless);
  EXPECT_NEAR(dry.windowTemperatureK.value(), 295.0, 1e-4);
  EXPECT_FALSE(dry.growthPerHour || dry.catabolicEnergyKJ || dry.maintenanceMmolAtp);
  // Without hydrogen: solved and infeasible, with maintenance but neither growth nor energy.
  const auto starved = assess(m, test::uniformClimate(295.0, 50.0), earlyEarth(0.0, 0.0));
  EXPECT_FALSE(starved.viable || starved.optimal || starved.growthPerHour || starved.catabolicEnergyKJ);
  EXPECT_TRUE(starved.maintenanceMmolAtp.has_value());
  Environment none;
  EXPECT_THROW((void)inEnvironment(mesophile(Archetype::kAcetogen), none), Error);
}

TEST(Viability, NetworkWithoutMaintenanceIsRefused) {
  auto m = mesophile(Archetype::kMethanogen);
  std::erase_if(m.network.reactions, [](const planet::Reaction& r) { return r.id == "ATPM"; });
  EXPECT_THROW((void)assess(m, favourableEnvironment(m.archetype, 295.0)), Error);
}

TEST(Viability, SignTestsOfThePlanHold) {
  test::NumberTable table("metabolism_viability");
  const auto warm = test::uniformClimate(295.0, 200.0);
  auto oxic = earlyEarth(1e-6, 0.2);
  auto anoxic = earlyEarth(1e-6, 0.0);
  for (const Archetype a : {Archetype::kAerobicHeterotroph, Archetype::kMethanotroph, Archetype::kIronOxidiser}) {
    const std::string who(planet::name(a));
    table.add({"4.5", "sign", who + ": viable variants of 16 with O2, mesophilic window or near", 1.0,
               viableVariants(a, warm, oxic) >= 8 ? 1.0 : 0.0, 0.0});
    table.add({"4.5", "sign", who + ": viable variants of 16 without O2", 0.0,
               static_cast<double>(viableVariants(a, warm, anoxic)), 0.0});
  }
  // O2 gone raises methanogens only if there is H2 above their threshold.
  const auto m = mesophile(Archetype::kMethanogen);
  const auto growth = [&](double h2, double o2) {
    const auto r = assess(m, warm, earlyEarth(h2, o2));
    return r.viable ? r.growthPerHour.value() : 0.0;
  };
  table.add({"4.5", "sign", "methanogen growth gained by removing O2, H2 2 % (above threshold): positive", 1.0,
             growth(0.02, 0.0) > growth(0.02, 0.01) ? 1.0 : 0.0, 0.0});
  table.add({"4.5", "sign", "methanogen growth gained by removing O2, H2 5e-7 (below threshold)", 0.0,
             growth(5e-7, 0.0) - growth(5e-7, 0.01), 0.0});
  // Present Earth air (H2 5e-7) is unusable, early-Earth air is rich.
  table.add({"4.3", "[C]", "methanogen viable at H2 5e-7 bar", 0.0, growth(5e-7, 0.0) > 0.0 ? 1.0 : 0.0, 0.0});
  table.add({"4.3", "[C]", "methanogen viable at H2 2e-2 bar", 1.0, growth(0.02, 0.0) > 0.0 ? 1.0 : 0.0, 0.0});

  // Freezing: the last kelvins above 273 belong to psychrophilic chemotrophs.
  const auto rich = earlyEarth(0.02, 0.0);
  const auto cold = test::uniformClimate(274.5, 100.0);
  for (const Archetype a : {Archetype::kOxygenicPhototroph, Archetype::kAnoxygenicPhototroph}) {
    const std::string who(planet::name(a));
    table.add({"4.5", "sign", who + ": viable variants of 16 at 295 K, at least 8", 1.0,
               viableVariants(a, warm, rich) >= 8 ? 1.0 : 0.0, 0.0});
    table.add({"4.5", "sign", who + ": viable variants of 16 at 274.5 K", 0.0,
               static_cast<double>(viableVariants(a, cold, rich)), 0.0});
  }
  table.add({"4.5", "sign", "methanogens: some variant is viable at 274.5 K", 1.0,
             viableVariants(Archetype::kMethanogen, cold, rich) > 0 ? 1.0 : 0.0, 0.0});
  table.finish();
}

// Higgins & Cockell 2020 (NutMEG): growth rate rises with temperature, yield falls, because maintenance rises faster.
TEST(Viability, WarmthRaisesMethanogenGrowthAndLowersItsYield) {
  test::NumberTable table("metabolism_viability");
  const auto m = mesophile(Archetype::kMethanogen);
  const auto exchange = m.network.reactionIndex("EX_ch4_e");
  ASSERT_TRUE(exchange);
  // Hydrogen half-saturating, as in the sea floor, at each temperature.
  const auto run = [&](double temperatureK) {
    Environment e = favourableEnvironment(Archetype::kMethanogen, temperatureK);
    e.pressureBar(Gas::kH2) /= 100.0;
    const auto solution = flux::solve(inEnvironment(m, e));
    EXPECT_EQ(solution.status, flux::Status::kOptimal);
    return std::pair{solution.objective, solution.objective / solution.fluxes[*exchange]};
  };
  const auto [growth280, yield280] = run(280.0);
  const auto [growth305, yield305] = run(305.0);
  const auto [growth330, yield330] = run(330.0);
  table.add({"4.4", "[V] NutMEG, sign", "growth rate rises 280 -> 305 -> 330 K", 1.0,
             growth280 < growth305 && growth305 < growth330 ? 1.0 : 0.0, 0.0});
  table.add({"4.4", "[V] NutMEG, sign", "biomass per CH4 falls 280 -> 305 -> 330 K", 1.0,
             yield280 > yield305 && yield305 > yield330 ? 1.0 : 0.0, 0.0});
  table.finish();
}

// Most ATP that one turn of the catabolism can pay, against physiology: within 0.6 to 1.6 of it, the spread between
// organisms.
TEST(Viability, AtpYieldsAreThoseOfPhysiology) {
  struct Turn {
    Archetype archetype;
    std::string limiting;  ///< the substrate that counts the turns
    double taken;          ///< of it in one turn
    double atp;            ///< net, of one turn
    std::string source;
  };
  const std::vector<Turn> turns{{Archetype::kMethanogen, "h2", 4.0, 0.5, "[M] Thauer et al. 2008"},
                                {Archetype::kAcetogen, "h2", 4.0, 0.3, "[M] Schuchmann & Mueller 2014"},
                                {Archetype::kSulfateReducer, "so4", 1.0, 1.0, "[M] Badziong & Thauer 1978"},
                                {Archetype::kAerobicHeterotroph, "glc", 1.0, 26.0, "[M] textbook, bacteria"},
                                {Archetype::kMethanotroph, "ch4", 1.0, 4.0, "[M] textbook"},
                                {Archetype::kIronOxidiser, "fe2", 4.0, 1.0, "[M] textbook"}};
  test::NumberTable table("metabolism_viability");
  for (const Turn& turn : turns) {
    const ArchetypeRow& row = archetype(turn.archetype);
    const Environment plenty = favourableEnvironment(turn.archetype, 298.0);
    double least = 1e9, most = 0.0;
    for (int v = 0; v < kViabilityVariants; ++v) {
      const auto m = makeMetabolism(turn.archetype, v, kViabilitySeed);
      auto network = inEnvironment(m, plenty);
      for (const char* id : {"EX_o2_e", "EX_co2_e", "EX_h2_e"}) {
        if (const auto r = network.reactionIndex(id)) network.reactions[*r].lowerBound = -planet::kUnlimitedFlux;
      }
      network.reactions[*network.reactionIndex("EX_" + turn.limiting + "_e")].lowerBound = -turn.taken;
      network.reactions[*network.reactionIndex("ATPM")].lowerBound = 0.0;
      flux::FluxBalance balance(network);
      balance.setObjective(*network.reactionIndex("ATPM"));
      const auto solution = balance.solve();
      ASSERT_EQ(solution.status, flux::Status::kOptimal);
      least = std::min(least, solution.objective);
      most = std::max(most, solution.objective);
      // The second law, at 50 kJ for each ATP.
      EXPECT_LT(50.0 * solution.objective, -catabolicEnergyKJ(row, plenty).value()) << m.network.id;
    }
    const std::string who(planet::name(turn.archetype));
    const double low = 0.6 * turn.atp, high = 1.6 * turn.atp;
    table.addRange("4.5", turn.source, who + ": least ATP per catabolism, 16 variants", low, high, least);
    table.addRange("4.5", turn.source, who + ": most ATP per catabolism, 16 variants", low, high, most);
  }
  table.finish();
}

}  // namespace
}  // namespace ecumene::data::physics::metabolism
