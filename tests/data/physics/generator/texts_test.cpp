// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/texts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "data/base/error.h"
#include "data/physics/generator/generator.h"
#include "data/physics/generator/system_draw.h"
#include "data/physics/text/grammar.h"

namespace ecumene::data::physics::generator {
namespace {

constexpr std::uint64_t kTextSeed = 21;

std::vector<planet::Text> describedWithoutHints(const planet::Planet& p, std::uint64_t index) {
  return describe(p, *p.truth, kTextSeed, index, placeOf(kTextSeed, index).system, HintStatements::kLeftOut);
}

std::set<std::string> missionsIn(const std::vector<planet::Text>& texts) {
  std::set<std::string> found;
  for (const std::string_view mission : text::findRule("mission").alternatives) {
    for (const planet::Text& t : texts) {
      if (t.body.find(mission) != std::string::npos) found.emplace(mission);
    }
  }
  return found;
}

TEST(Describe, EveryMetabolismHasSeveralDifferentTexts) {
  const planet::Planet p = generatePlanet(kTextSeed, 1);
  ASSERT_EQ(p.texts.size(), p.metabolisms.size() * kTextsPerCase);
  std::set<std::string> ids, bodies;
  std::vector<std::uint64_t> about(p.metabolisms.size());
  for (const planet::Text& t : p.texts) {
    ids.insert(t.id);
    bodies.insert(t.body);
    ++about.at(t.metabolism.value());
  }
  EXPECT_EQ(ids.size(), p.texts.size());
  EXPECT_EQ(bodies.size(), p.texts.size());
  for (const std::uint64_t texts : about) EXPECT_EQ(texts, kTextsPerCase);
}

TEST(Describe, ATextNamesTheInstrumentsOfAllSpectraOrNone) {
  const planet::Planet p = generatePlanet(kTextSeed, 1);
  ASSERT_GE(p.spectra.size(), 2U);
  int naming = 0;
  for (const planet::Text& t : p.texts) {
    const auto named = std::count_if(p.spectra.begin(), p.spectra.end(), [&](const planet::Spectrum& s) {
      return t.body.find(s.instrument) != std::string::npos;
    });
    EXPECT_TRUE(named == 0 || named == static_cast<std::ptrdiff_t>(p.spectra.size())) << t.body;
    naming += named > 0 ? 1 : 0;
  }
  EXPECT_GT(naming, 20);
}

TEST(Describe, TwinsOfOneSystemHaveOneDiscovery) {
  for (std::uint64_t index = 0; index < 6; ++index) {
    planet::Planet p = generatePlanet(kTextSeed, index);
    const std::set<std::string> missions = missionsIn(p.texts);
    EXPECT_EQ(missions.size(), 1U) << p.id;
    // As the other start of the system, at another place in the set.
    const std::uint64_t system = placeOf(kTextSeed, index).system;
    EXPECT_EQ(missionsIn(describe(p, *p.truth, kTextSeed, index + 1000, system)), missions) << p.id;
  }
}

TEST(Describe, KnowsNeitherClimateNorLabelsNorAir) {
  for (std::uint64_t index = 0; index < 4; ++index) {
    planet::Planet p = generatePlanet(kTextSeed, index);
    const std::vector<planet::Text> before = describedWithoutHints(p, index);
    const planet::Planet other = generatePlanet(kTextSeed + 1, index);
    p.climate = other.climate;
    p.climateFlags = other.climateFlags;
    p.labels = other.labels;
    for (std::size_t m = 0; m < p.metabolisms.size(); ++m) p.metabolisms[m].viability = other.metabolisms[m].viability;
    for (planet::Spectrum& s : p.spectra) std::reverse(s.value.begin(), s.value.end());
    p.truth->atmosphere = other.truth->atmosphere;
    p.truth->surface = other.truth->surface;
    p.truth->closure = other.truth->closure;
    p.truth->start = other.truth->start;
    p.truth->orbit = other.truth->orbit;
    p.truth->bulk = other.truth->bulk;
    EXPECT_EQ(describedWithoutHints(p, index), before) << p.id;
    p.climate.reset();
    p.climateFlags.reset();
    p.labels.reset();
    for (planet::MetabolismCase& c : p.metabolisms) c.viability.reset();
    EXPECT_EQ(describedWithoutHints(p, index), before) << p.id;
  }
}

TEST(Describe, HintStatementsAreAllThatTheAirAndTheOceanChange) {
  const planet::Planet p = generatePlanet(kTextSeed, 1);
  const std::vector<planet::Text> bare = describedWithoutHints(p, 1);
  ASSERT_EQ(bare.size(), p.texts.size());
  for (std::size_t i = 0; i < bare.size(); ++i) {
    EXPECT_EQ(bare[i].title, p.texts[i].title);
    EXPECT_LT(bare[i].body.size(), p.texts[i].body.size());
  }
}

TEST(Describe, InventsNothingAboutPlanetsThatWereNotGenerated) {
  planet::Planet p = generatePlanet(kTextSeed, 1);
  for (const planet::Origin origin : {planet::Origin::kGcm, planet::Origin::kObserved, planet::Origin::kOther}) {
    p.origin = origin;
    EXPECT_THROW(describe(p, *p.truth, kTextSeed, 1, 1), Error);
  }
}

}  // namespace
}  // namespace ecumene::data::physics::generator
