// SPDX-License-Identifier: Apache-2.0
#include "data/physics/text/grammar.h"

#include <gtest/gtest.h>

#include <set>

#include "data/base/error.h"

namespace ecumene::data::physics::text {
namespace {

TEST(Grammar, ArticlesFollowTheSoundOfTheNextWord) {
  EXPECT_EQ(asSentence("it is a(n) M dwarf"), "It is an M dwarf");
  EXPECT_EQ(asSentence("it is a(n) M-type star"), "It is an M-type star");
  EXPECT_EQ(asSentence("it is a(n) F star"), "It is an F star");
  EXPECT_EQ(asSentence("it is a(n) K dwarf"), "It is a K dwarf");
  EXPECT_EQ(asSentence("it is a(n) G dwarf"), "It is a G dwarf");
  EXPECT_EQ(asSentence("a(n) uniform sample of a(n) old star"), "A uniform sample of an old star");
  EXPECT_EQ(asSentence("a(n) unbiased survey"), "An unbiased survey");
  EXPECT_EQ(asSentence("a(n) 8.3-day period"), "An 8.3-day period");
  EXPECT_EQ(asSentence("a(n) 11.0-day period"), "An 11.0-day period");
  EXPECT_EQ(asSentence("a(n) 12.0-day period"), "A 12.0-day period");
}

TEST(Grammar, WordsWinOverRulesAndSlotsNest) {
  Random random(1, "grammar");
  EXPECT_EQ(expand("<mission> saw <planet>", {{"mission", "PLATO"}, {"planet", "X b"}}, random), "PLATO saw X b");
  EXPECT_EQ(expand("no slot", {}, random), "no slot");
}

TEST(Grammar, UnknownAndUnclosedSlotsAreDefects) {
  Random random(1, "grammar");
  EXPECT_THROW(expand("<no such rule>", {}, random), Error);
  EXPECT_THROW(expand("an <open slot", {}, random), Error);
}

TEST(Grammar, RulesHaveOneNameAndSeveralAlternatives) {
  std::set<std::string_view> names;
  for (const Rule& rule : phrases()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    std::set<std::string_view> different(rule.alternatives.begin(), rule.alternatives.end());
    EXPECT_EQ(different.size(), rule.alternatives.size()) << rule.name;
    EXPECT_GE(rule.alternatives.size(), 2u) << rule.name;
  }
}

TEST(Grammar, EverySlotIsARuleOrAWordOfTheFacts) {
  const std::set<std::string_view> words{"planet", "host",  "type",     "instruments",  "radius",
                                         "period", "flux",  "teff",     "eccentricity", "low",
                                         "high",   "donor", "acceptor", "name",         "thermal"};
  for (const Rule& rule : phrases()) {
    for (std::string_view text : rule.alternatives) {
      for (std::size_t open = text.find('<'); open != std::string_view::npos; open = text.find('<', open + 1)) {
        const std::string_view slot = text.substr(open + 1, text.find('>', open) - open - 1);
        if (words.contains(slot)) continue;
        EXPECT_NO_THROW(findRule(slot)) << rule.name;
      }
    }
  }
}

}  // namespace
}  // namespace ecumene::data::physics::text
