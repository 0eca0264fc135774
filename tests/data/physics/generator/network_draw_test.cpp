// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/network_draw.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>
#include <string>

#include "data/base/parallel.h"
#include "data/physics/generator/generator.h"
#include "data/physics/generator/system_draw.h"

namespace ecumene::data::physics::generator {
namespace {

using planet::Archetype;
using planet::Origin;
using planet::Split;

/// What makes two networks the same to a model, told without the generator's own key: every reaction with its
/// metabolites' ids, coefficients and bounds.
std::set<std::string> equations(const planet::MetabolicNetwork& network) {
  std::set<std::string> all;
  for (const planet::Reaction& r : network.reactions) {
    std::map<std::string, double> terms;
    for (const auto& [m, coefficient] : r.stoichiometry) terms[network.metabolites[m].id] = coefficient;
    std::string text = std::to_string(r.lowerBound) + " " + std::to_string(r.upperBound);
    for (const auto& [id, coefficient] : terms) text += " " + std::to_string(coefficient) + " " + id;
    all.insert(text);
  }
  return all;
}

std::string key(std::size_t system) {
  return "system " + std::to_string(system);
}

TEST(DrawMetabolisms, NoNetworkOfOneSplitStandsInAnother) {
  constexpr std::size_t kSystems = 400;
  std::vector<std::vector<std::set<std::string>>> bySystem(kSystems);
  parallelFor(kSystems, 2, [&](std::size_t i) {
    for (std::size_t a = 0; a < planet::kArchetypeCount; ++a) {
      const auto drawn = drawMetabolisms(static_cast<Archetype>(a), Origin::kGenerated, key(i));
      ASSERT_EQ(drawn.size(), static_cast<std::size_t>(kVariantsPerArchetype));
      for (const planet::Metabolism& m : drawn) {
        EXPECT_EQ(static_cast<std::size_t>(m.archetype), a);
        bySystem[i].push_back(equations(m.network));
      }
    }
  });
  std::map<std::set<std::string>, Split> splitOfNetwork;
  std::map<Split, std::size_t> networks;
  std::size_t repeated = 0;
  for (std::size_t i = 0; i < kSystems; ++i) {
    const Split split = planet::splitOf(Origin::kGenerated, key(i));
    for (const auto& network : bySystem[i]) {
      const auto [found, fresh] = splitOfNetwork.emplace(network, split);
      EXPECT_EQ(found->second, split) << key(i);
      repeated += fresh ? 0 : 1;
      ++networks[split];
    }
  }
  for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest}) EXPECT_GT(networks[split], 300U);
  // Networks are many: what a model reconstructs it has hardly ever seen before, within the train split too.
  EXPECT_LT(repeated, kSystems * 16 / 50);
}

TEST(DrawMetabolisms, PlanetsOfOtherModelsShareNoNetworkWithTraining) {
  for (std::size_t i = 0; i < 12; ++i) {
    for (const planet::Metabolism& m : drawMetabolisms(Archetype::kMethanogen, Origin::kGcm, key(i))) {
      EXPECT_EQ(planet::splitOf(networkContent(m.network)), Split::kTest);
    }
  }
}

TEST(DrawMetabolisms, IdsTellContentsApart) {
  std::map<std::string, std::set<std::string>> contents;
  for (std::size_t i = 0; i < 40; ++i) {
    for (const planet::Metabolism& m : drawMetabolisms(Archetype::kAcetogen, Origin::kGenerated, key(i))) {
      const auto content = equations(m.network);
      EXPECT_EQ(contents.emplace(m.network.id, content).first->second, content) << m.network.id;
    }
  }
  EXPECT_GT(contents.size(), 70U);
}

TEST(GeneratePlanet, TwinsShareTheirNetworksAndOtherSystemsDoNot) {
  std::uint64_t first = 0;
  while (placeOf(21, first + 1).system != placeOf(21, first).system) ++first;
  const planet::Planet warm = generatePlanet(21, first);
  const planet::Planet cold = generatePlanet(21, first + 1);
  const planet::Planet other = generatePlanet(21, first + 2);
  ASSERT_NE(other.systemKey, warm.systemKey);
  ASSERT_EQ(warm.metabolisms.size(), cold.metabolisms.size());
  for (std::size_t m = 0; m < warm.metabolisms.size(); ++m) {
    EXPECT_EQ(warm.metabolisms[m].metabolism, cold.metabolisms[m].metabolism);
    EXPECT_NE(warm.metabolisms[m].metabolism.network, other.metabolisms[m].metabolism.network);
    // The network follows the planet's own split, as the store will give it.
    EXPECT_EQ(planet::splitOf(networkContent(warm.metabolisms[m].metabolism.network)),
              planet::splitOf(warm.origin, warm.systemKey));
  }
}

}  // namespace
}  // namespace ecumene::data::physics::generator
