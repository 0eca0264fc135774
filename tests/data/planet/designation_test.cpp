// SPDX-License-Identifier: Apache-2.0
// Truth: names as the NASA Exoplanet Archive, the Open Exoplanet Catalogue and the Extrasolar Planets Encyclopaedia
// write them, and as authors name their files.
#include "data/planet/designation.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace ecumene::data::planet {
namespace {

struct Spellings {
  std::string standard;
  std::vector<std::string> others;
};

const std::vector<Spellings>& table() {
  static const std::vector<Spellings> rows{
      {"WASP-39 b",
       {"wasp-39-b", "wasp-39b", "WASP-39b", "wasp39b", "WASP_39_b", "Wasp 39 B", "WASP-039 b", "WASP–39 b"}},
      {"WASP-39 c", {"wasp39c"}},
      {"K2-18 b", {"K2-18b", "k2_18_b", "K2 18 b"}},
      {"TRAPPIST-1 e", {"trappist 1e", "TRAPPIST1e", "Trappist-1-e"}},
      {"HAT-P-11 b", {"HATP11b", "hat-p-11b", "HAT-P-011 b"}},
      {"HD 209458 b", {"HD209458b", "hd-209458-b", "HD 209458b"}},
      {"HIP 41378 b", {"HIP41378b", "hip 041378 b"}},
      {"GJ 1214 b", {"GJ1214b", "Gliese 1214 b", "Gl 1214 b"}},
      {"GJ 667 C c", {"GJ 667 Cc", "GJ 667C c", "Gliese 667 Cc", "gj667cc"}},
      {"HD 41004 A b", {"HD 41004 Ab", "HD41004A b"}},
      {"HD 41004 B b", {"HD 41004 Bb", "hd_41004_B_b"}},
      {"XO-2 N b", {"XO-2Nb", "XO-2 Nb"}},
      {"Kepler-16 b", {"Kepler-16 (AB) b", "Kepler-16(AB)b", "Kepler-16AB b", "kepler-16-ab-b", "kepler16b"}},
      {"KOI-94.01", {"K00094.01", "KOI 94.01", "KOI-0094.01", "koi94.01"}},
      {"KOI-94.02", {"K00094.02"}},
      {"TOI-700 d", {"TOI 700d", "toi-700-d"}},
      {"TOI-700.03", {"TOI 700.03", "TOI-0700.03"}},
      {"Kepler-186 f", {"Kepler-186f", "kepler 186 f"}},
      {"BD+20 594 b", {"BD+20594 b", "bd+20 594b"}},
      {"BD-20 594 b", {}},
      {"PSR B1620-26 b", {"PSR B1620-26 (AB) b"}},
      {"SR 12 AB c", {"SR 12 (AB) c"}},
      {"\xce\xb2 Pic b", {"\xce\xb2 pic b"}},
      {"\xce\xb5 Pic b", {}},
  };
  return rows;
}

TEST(NormalisedName, AgreesForAllSpellingsOfOnePlanetAndForNoTwoPlanets) {
  std::set<std::string> keys;
  for (const Spellings& row : table()) {
    const std::string key = normalisedName(row.standard);
    EXPECT_TRUE(keys.insert(key).second) << row.standard << " -> " << key;
    for (const std::string& other : row.others) EXPECT_EQ(normalisedName(other), key) << other;
  }
}

TEST(NormalisedName, IsThatOfItsStandardName) {
  for (const Spellings& row : table()) {
    for (const std::string& other : row.others) {
      EXPECT_EQ(normalisedName(standardName(other)), normalisedName(other)) << other;
    }
  }
}

TEST(StandardName, IsAsTheCatalogueWritesItAndOtherNamesStay) {
  for (const Spellings& row : table()) {
    if (!parseDesignation(row.standard)) continue;
    EXPECT_EQ(standardName(row.standard), row.standard);
    for (const std::string& other : row.others) EXPECT_EQ(standardName(other), row.standard) << other;
  }
  for (const char* name : {"", "Earth", "mdwarf_locked_aqua", "earth_avg_hitran2012", "e_coli_core", "K218b", "hd",
                           "HD 1234 visit 2", "k00094", "K12 b", "WASP-39 xyz", "55 Cnc e", "Kepler-16 AB"}) {
    EXPECT_EQ(standardName(name), name);
  }
}

TEST(Designation, TellsComponentsFromPlanets) {
  EXPECT_EQ(parseDesignation("HD 41004 B"), (Designation{"HD 41004", "", "b"}));  // no second letter: the planet
  EXPECT_EQ(parseDesignation("WASP-94 A"), (Designation{"WASP-94", "A", ""}));    // no planet is called a
  EXPECT_EQ(parseDesignation("WASP-94 A b"), (Designation{"WASP-94", "A", "b"}));
  EXPECT_EQ(parseDesignation("Kepler-16"), (Designation{"Kepler-16", "", ""}));
  EXPECT_EQ(parseDesignation("K00094.01")->star, "KOI-94");
}

}  // namespace
}  // namespace ecumene::data::planet
