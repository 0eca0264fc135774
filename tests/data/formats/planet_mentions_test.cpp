// SPDX-License-Identifier: Apache-2.0
// Truth: names read by eye in the sentences here and in fixtures/mentions.jsonl; of the outside abstracts those whose
// blanks-collapsed title or summary a grep finds (TRAPPIST-1 ?e, WASP-39 ?b, K2-18 ?b, GJ.876.d, HD.219134.h).
#include "data/formats/common/planet_mentions.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "data/formats/registry.h"
#include "shared_data.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using formats::planetsNamedIn;
using Names = std::vector<std::string>;

/// Ids of the texts with this keyword.
Names naming(const planet::Import& import, const std::string& planet) {
  Names ids;
  for (const planet::Text& text : import.texts) {
    if (std::find(text.keywords.begin(), text.keywords.end(), planet) != text.keywords.end()) ids.push_back(text.id);
  }
  return ids;
}

TEST(PlanetMentions, AllSpellingsOfProseAndLatexAreFoundOnce) {
  EXPECT_EQ(planetsNamedIn("On TRAPPIST-1e's air: TRAPPIST-1\\,e, and Trappist 1 e"), Names{"TRAPPIST-1 e"});
  EXPECT_EQ(planetsNamedIn("In GJ~876~d, HD~219134~h (K2-237b)"), (Names{"GJ 876 d", "HD 219134 h", "K2-237 b"}));
  EXPECT_EQ(planetsNamedIn("WASP\xe2\x80\x93"
                           "39\xc2\xa0"
                           "b"),
            Names{"WASP-39 b"});
  EXPECT_EQ(planetsNamedIn("HD189733b. TOI-7149~b; KOI-901.01 (warm)"),
            (Names{"HD 189733 b", "TOI-7149 b", "KOI-901.01"}));
}

TEST(PlanetMentions, ListsNameEachPlanet) {
  EXPECT_EQ(planetsNamedIn("HR 8799 b, c, d, and e are young"),
            (Names{"HR 8799 b", "HR 8799 c", "HR 8799 d", "HR 8799 e"}));
  EXPECT_EQ(planetsNamedIn("HD 67200 b & c or TRAPPIST-1b/c."),
            (Names{"HD 67200 b", "HD 67200 c", "TRAPPIST-1 b", "TRAPPIST-1 c"}));
  EXPECT_EQ(planetsNamedIn("K2-18 b, e.g. in g-band, and h-alpha"), Names{"K2-18 b"});
}

TEST(PlanetMentions, StarsClausesAndCapitalsAreNoPlanets) {
  for (const char* text : {"the TRAPPIST-1 system", "HD 142527 B; HD 34700A", "HD 166620 I. Spectral", "a K2 star",
                           "around TRAPPIST-1, e passes", "seen by Kepler-90. b is", "Figure 3 b", "GJ 710 in context",
                           "JWST/NIRSpec G395H data", ""}) {
    EXPECT_EQ(planetsNamedIn(text), Names{}) << text;
  }
  EXPECT_EQ(planetsNamedIn("HD 41004 B b and Gliese 667 Cc"), (Names{"HD 41004 B b", "GJ 667 C c"}));
}

TEST(PlanetMentions, ImportedTextsCarryThePlanetsTheyName) {
  const planet::Import import = formats::importFile("tests/data/formats/fixtures/mentions.jsonl", {});
  ASSERT_EQ(import.texts.size(), 3U);
  EXPECT_EQ(import.texts[0].keywords, (Names{"astro-ph.EP", "TRAPPIST-1 e", "GJ 876 d", "HD 219134 h", "HR 8799 b",
                                             "HR 8799 c", "HR 8799 d", "HR 8799 e"}));
  EXPECT_EQ(import.texts[1].keywords, Names{});
  EXPECT_EQ(import.texts[2].keywords,
            (Names{"astro-ph.SR", "KOI-901.01", "HD 41004 B b", "GJ 667 C c", "WASP-39 b", "WASP-39 c"}));
}

TEST(PlanetMentions, OutsideAbstractsAreFoundAsGrepFindsThem) {
  ECUMENE_NEEDS_SHARED(shared);
  const planet::Import import = formats::importFile(*shared / "text" / "arxiv_astro-ph.EP_2025.jsonl", {});
  EXPECT_EQ(naming(import, "TRAPPIST-1 e"), (Names{"2504.16662", "2509.05414"}));
  EXPECT_EQ(naming(import, "WASP-39 b"), (Names{"2509.25578", "2602.06722", "2602.22468"}));
  EXPECT_EQ(naming(import, "K2-18 b"), (Names{"2504.16236", "2509.19247", "2601.02621", "2602.09553"}));
  EXPECT_EQ(naming(import, "GJ 876 d"), Names{"2602.07127"});
  EXPECT_EQ(naming(import, "HD 219134 h"), Names{"2509.06747"});
  EXPECT_EQ(naming(import, "HD 41004 A b"), Names{"2507.10653"});
}

}  // namespace
