// SPDX-License-Identifier: Apache-2.0
#include "data/physics/metabolism/variants.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "data/base/parallel.h"
#include "data/physics/flux/flux_balance.h"
#include "data/physics/metabolism/viability.h"
#include "data/physics/metabolism/vocabulary.h"

namespace ecumene::data::physics::metabolism {
namespace {

using planet::Archetype;

constexpr int kVariants = 48;
constexpr std::uint64_t kSeed = 5;

template <class Body>
void forAll(int variants, Body&& body) {
  for (std::size_t a = 0; a < planet::kArchetypeCount; ++a) {
    for (int v = 0; v < variants; ++v) {
      const planet::Metabolism m = makeMetabolism(static_cast<Archetype>(a), v, kSeed);
      SCOPED_TRACE(m.network.id);
      body(m);
    }
  }
}

Environment favourable(const planet::Metabolism& m) {
  return favourableEnvironment(m.archetype, 0.5 * (m.growthMinK + m.growthMaxK));
}

TEST(Variants, RecipesStandInTheOrderOfTheArchetypes) {
  ASSERT_EQ(recipes().size(), planet::kArchetypeCount);
  ASSERT_EQ(archetypes().size(), planet::kArchetypeCount);
  for (std::size_t a = 0; a < planet::kArchetypeCount; ++a) {
    EXPECT_EQ(static_cast<std::size_t>(recipes()[a].archetype), a);
    EXPECT_EQ(static_cast<std::size_t>(archetypes()[a].archetype), a);
  }
}

TEST(Variants, HoldThirtyToAHundredAndTwentyReactionsOfTheVocabulary) {
  const Vocabulary& vocabulary = Vocabulary::instance();
  forAll(kVariants, [&](const planet::Metabolism& m) {
    EXPECT_NO_THROW(planet::validate(m.network));
    EXPECT_GE(m.network.reactions.size(), kLeastReactions);
    EXPECT_LE(m.network.reactions.size(), kMostReactions);
    for (const planet::Reaction& r : m.network.reactions) {
      const planet::Reaction& original = vocabulary.network().reactions[vocabulary.index(r.id)];
      std::map<std::string, double> ours, theirs;
      for (const auto& [i, c] : r.stoichiometry) ours[m.network.metabolites[i].id] = c;
      for (const auto& [i, c] : original.stoichiometry) theirs[vocabulary.network().metabolites[i].id] = c;
      EXPECT_EQ(ours, theirs) << r.id;
    }
  });
}

TEST(Variants, DifferInReactionsSizeAndWindow) {
  for (std::size_t a = 0; a < planet::kArchetypeCount; ++a) {
    std::set<std::set<std::string>> contents;
    std::set<double> windows;
    std::size_t least = kMostReactions, most = 0;
    for (int v = 0; v < kVariants; ++v) {
      const auto m = makeMetabolism(static_cast<Archetype>(a), v, kSeed);
      std::set<std::string> ids;
      for (const auto& r : m.network.reactions) ids.insert(r.id);
      contents.insert(ids);
      windows.insert(m.growthMinK);
      least = std::min(least, ids.size());
      most = std::max(most, ids.size());
    }
    EXPECT_GE(contents.size(), 40U) << a;
    EXPECT_GE(windows.size(), 2U) << a;
    EXPECT_GE(most, least + 25U) << a;
  }
}

TEST(Variants, SameKeySameNetworkOnAnyThread) {
  constexpr std::size_t kCount = 32;
  std::vector<planet::Metabolism> parallel(kCount);
  const auto make = [](std::size_t i) {
    return makeMetabolism(static_cast<Archetype>(i % planet::kArchetypeCount), static_cast<int>(i), kSeed);
  };
  parallelFor(kCount, 4, [&](std::size_t i) { parallel[i] = make(i); });
  for (std::size_t i = 0; i < kCount; ++i) EXPECT_EQ(parallel[i], make(i)) << i;
  EXPECT_NE(makeMetabolism(Archetype::kMethanogen, 0, 1).network.reactions,
            makeMetabolism(Archetype::kMethanogen, 0, 2).network.reactions);
}

TEST(Variants, EveryOneGrowsInItsFavourableMedium) {
  forAll(kVariants, [](const planet::Metabolism& m) {
    const auto result = assess(m, favourable(m));
    EXPECT_TRUE(result.viable);
    EXPECT_GT(result.growthPerHour.value(), 0.01);
    EXPECT_LT(result.growthPerHour.value(), 5.0);  // fastest known doubling is about 10 min: Vibrio natriegens, 4.2/h
  });
}

TEST(Variants, NoneGrowsWithoutDonorAcceptorCarbonOrLight) {
  const std::map<Archetype, std::vector<std::vector<std::string>>> needs{
      {Archetype::kMethanogen, {{"h2"}, {"co2"}}},
      {Archetype::kAcetogen, {{"h2"}, {"co2"}}},
      {Archetype::kSulfateReducer, {{"h2"}, {"so4"}, {"co2"}}},
      {Archetype::kAerobicHeterotroph, {{"glc"}, {"o2"}}},
      {Archetype::kMethanotroph, {{"ch4"}, {"o2"}}},
      {Archetype::kAnoxygenicPhototroph, {{"photon"}, {"h2s", "h2"}, {"co2"}}},
      {Archetype::kOxygenicPhototroph, {{"photon"}, {"co2"}}},
      {Archetype::kIronOxidiser, {{"fe2"}, {"o2"}, {"co2"}}}};
  forAll(kVariants, [&](const planet::Metabolism& m) {
    const auto fed = inEnvironment(m, favourable(m));
    for (const auto& need : needs.at(m.archetype)) {
      auto starved = fed;
      std::string missing;
      for (const std::string& species : need) {
        missing += species + " ";
        const auto exchange = starved.reactionIndex("EX_" + species + "_e");
        ASSERT_TRUE(exchange) << species;
        starved.reactions[*exchange].lowerBound = 0.0;
      }
      const auto solution = flux::solve(starved);
      EXPECT_TRUE(solution.status == flux::Status::kInfeasible || solution.objective < kLeastGrowthPerHour) << missing;
    }
  });
}

TEST(Variants, MakeNoAtpFromNothing) {
  forAll(kVariants, [](const planet::Metabolism& m) {
    // As assembled, exchanges only secrete.
    flux::FluxBalance balance(m.network);
    balance.setObjective(*m.network.reactionIndex("ATPM"));
    const auto solution = balance.solve();
    ASSERT_EQ(solution.status, flux::Status::kOptimal);
    EXPECT_NEAR(solution.objective, 0.0, 1e-7);
  });
}

// Water, protons and sodium alone are no food either: the membrane is no battery.
TEST(Variants, MakeNoAtpFromWaterProtonsAndNutrientsWithoutDonor) {
  forAll(kVariants, [](const planet::Metabolism& m) {
    planet::MetabolicNetwork network = m.network;
    for (const char* id : {"EX_h2o_e", "EX_h_e", "EX_na_e", "EX_nh4_e", "EX_pi_e", "EX_co2_e"}) {
      if (const auto r = network.reactionIndex(id)) network.reactions[*r].lowerBound = -planet::kUnlimitedFlux;
    }
    flux::FluxBalance balance(network);
    balance.setObjective(*network.reactionIndex("ATPM"));
    const auto solution = balance.solve();
    ASSERT_EQ(solution.status, flux::Status::kOptimal);
    EXPECT_NEAR(solution.objective, 0.0, 1e-7);
  });
}

TEST(Variants, OpeningTheLumpedRowsNeverLowersGrowth) {
  const Vocabulary& vocabulary = Vocabulary::instance();
  forAll(6, [&](const planet::Metabolism& m) {
    std::set<std::size_t> rows;
    for (const auto& r : m.network.reactions) rows.insert(vocabulary.index(r.id));
    for (bool again = true; again;) {
      again = false;
      for (const std::size_t row : std::set<std::size_t>(rows)) {
        if (vocabulary.parts(row).empty()) continue;
        rows.erase(row);
        for (const std::size_t part : vocabulary.parts(row)) rows.insert(part);
        again = true;
      }
    }
    planet::Metabolism opened = m;
    opened.network = vocabulary.assemble("opened", "opened", {rows.begin(), rows.end()});
    const double lumped = assess(m, favourable(m)).growthPerHour.value();
    EXPECT_GE(assess(opened, favourable(m)).growthPerHour.value(), lumped * (1.0 - 1e-6));
  });
}

TEST(Variants, GrowthKeepsEveryElement) {
  forAll(6, [](const planet::Metabolism& m) {
    const auto network = inEnvironment(m, favourable(m));
    const auto solution = flux::solve(network);
    ASSERT_EQ(solution.status, flux::Status::kOptimal);
    planet::ElementCounts in{};
    double charge = 0.0;
    for (std::size_t r = 0; r < network.reactions.size(); ++r) {
      if (!network.reactions[r].isBoundary()) continue;
      const auto& what = network.metabolites[network.reactions[r].stoichiometry.front().first];
      charge += solution.fluxes[r] * *what.charge;
      const auto counts = planet::parseFormula(what.formula);
      if (!counts) continue;  // photons
      in.c += solution.fluxes[r] * counts->c;
      in.n += solution.fluxes[r] * counts->n;
      in.p += solution.fluxes[r] * counts->p;
      in.s += solution.fluxes[r] * counts->s;
      in.o += solution.fluxes[r] * counts->o;
      in.h += solution.fluxes[r] * counts->h;
    }
    for (const double excess : {in.c, in.n, in.p, in.s, in.o, in.h, charge}) EXPECT_NEAR(excess, 0.0, 1e-4);
  });
}

}  // namespace
}  // namespace ecumene::data::physics::metabolism
