// SPDX-License-Identifier: Apache-2.0
#include "data/physics/text/text.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <regex>
#include <set>
#include <sstream>

#include "data/base/error.h"
#include "data/physics/text/grammar.h"

namespace ecumene::data::physics::text {
namespace {

using planet::ScalarId;

/// Facts of all kinds: every star type, age, activity, archetype; each absent by turns.
TextFacts factsAt(std::uint64_t i) {
  Random random(23, "facts", i);
  TextFacts facts;
  facts.planetName = fmt::format("ECU-{:04} b", i);
  facts.hostName = fmt::format("ECU-{:04}", i);
  facts.discovery = drawDiscovery(random);
  if (random.chance(0.8)) facts.starType = static_cast<planet::StarType>(random.below(4));
  if (random.chance(0.8)) facts.age = static_cast<AgeClass>(random.below(3));
  if (random.chance(0.8)) facts.activity = static_cast<Activity>(random.below(3));
  if (random.chance(0.8))
    facts.scalars[ScalarId::kPlanetRadius] = planet::Measurement{random.uniform(0.7, 1.4), 0.05, 0};
  if (random.chance(0.8))
    facts.scalars[ScalarId::kOrbitalPeriod] = planet::Measurement{random.logUniform(1, 400), 1e-4, 0};
  if (random.chance(0.8)) facts.scalars[ScalarId::kStellarFlux] = planet::Measurement{random.uniform(400, 1900), 50, 0};
  if (random.chance(0.8))
    facts.scalars[ScalarId::kStellarTemperature] = planet::Measurement{random.uniform(2600, 7000), 50, 0};
  if (random.chance(0.5)) facts.scalars[ScalarId::kEccentricity] = planet::Measurement{random.uniform(0, 0.4), 0.03, 0};
  for (const char* instrument : {"JWST NIRSpec PRISM", "JWST NIRISS SOSS", "JWST MIRI LRS"}) {
    if (random.chance(0.5)) facts.instruments.emplace_back(instrument);
  }
  if (random.chance(0.8)) {
    const double low = random.uniform(255.0, 350.0);
    facts.metabolism =
        MetabolismFacts{static_cast<planet::Archetype>(random.below(planet::kArchetypeCount)), low, low + 38.0};
  }
  facts.hints = drawHints(static_cast<planet::RedoxScenario>(random.below(6)), random.chance(0.8), random);
  return facts;
}

planet::Text textAt(std::uint64_t i) {
  Random random(29, "text", i);
  return generateText(factsAt(i), random);
}

std::vector<std::string> sentences(const std::string& body) {
  // A full stop before a space ends a sentence; decimals have none.
  std::vector<std::string> result;
  std::size_t start = 0;
  for (std::size_t stop = body.find(". "); stop != std::string::npos; stop = body.find(". ", start)) {
    result.push_back(body.substr(start, stop + 1 - start));
    start = stop + 2;
  }
  result.push_back(body.substr(start));
  return result;
}

TEST(Text, IsWellFormed) {
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const planet::Text text = textAt(i);
    const std::string all = text.title + "\n" + text.body;
    EXPECT_EQ(all.find_first_of("<>{}()"), std::string::npos) << all;
    EXPECT_EQ(all.find("  "), std::string::npos) << all;
    EXPECT_EQ(all.find(".."), std::string::npos) << all;
    EXPECT_FALSE(std::regex_search(all, std::regex(" [,.]"))) << all;
    EXPECT_FALSE(std::regex_search(all, std::regex("\\b[Aa] ([aeio]|M |M-|F |F-|unb|8|11\\.|18\\.)"))) << all;
    EXPECT_FALSE(std::regex_search(all, std::regex("\\b[Aa]n ([bcdfgjklmnpqrstvwxyz]|K |K-|G |G-|unif|[2345679])")))
        << all;
    EXPECT_FALSE(std::regex_search(all, std::regex("\\b(\\w+) \\1\\b"))) << all;  // "the the"
    EXPECT_FALSE(std::regex_search(all, std::regex("\\b(of|within) [a-z]+-?[a-z]* (follow-up )?(survey|programme)\\b")))
        << all;
    const auto parts = sentences(text.body);
    EXPECT_GE(parts.size(), 2u);
    EXPECT_LE(parts.size(), 15u);
    for (const std::string& s : parts) {
      EXPECT_TRUE(std::isupper(static_cast<unsigned char>(s[0])) || std::isdigit(static_cast<unsigned char>(s[0])))
          << s;
      EXPECT_EQ(s.back(), '.') << s;
    }
    EXPECT_TRUE(std::isupper(static_cast<unsigned char>(text.title[0])));
    EXPECT_EQ(text.source, "generated");
    EXPECT_FALSE(text.licence.empty());
  }
}

TEST(Text, SameKeySameText) {
  for (std::uint64_t i = 0; i < 50; ++i) EXPECT_EQ(textAt(i), textAt(i));
  EXPECT_NE(textAt(1).body, textAt(2).body);
}

TEST(Text, OneSetOfFactsHasManyParaphrases) {
  TextFacts facts = factsAt(4);
  facts.metabolism = MetabolismFacts{planet::Archetype::kMethanogen, 280.0, 320.0};
  std::set<std::string> bodies, openings, titles;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    Random random(31, "text", i);
    const planet::Text text = generateText(facts, random);
    bodies.insert(text.body);
    titles.insert(text.title);
    openings.insert(sentences(text.body)[0]);
  }
  EXPECT_EQ(bodies.size(), 1000u);
  EXPECT_GT(openings.size(), 80u);  // one mission
  EXPECT_GT(titles.size(), 15u);
}

/// What each fact alone may say; a text in which the pattern occurs speaks of that fact.
struct Subject {
  const char* pattern;
  void (*withdraw)(TextFacts&);
};
const Subject kSubjects[] = {
    {"\\b(young|youth|old|age|ages|isochrones|gyrochronology|kinematics|lithium)\\b",
     [](TextFacts& f) { f.age.reset(); }},
    {"\\b(flares?|active|activity|quiet|chromospheric|spots?|spot|X-ray)\\b", [](TextFacts& f) { f.activity.reset(); }},
    {"\\b(dwarf|red star|Sun-like star|solar-type|[MKGF]-type|type [MKGF]|[MKGF] star)\\b",
     [](TextFacts& f) { f.starType.reset(); }},
    {"\\b(JWST|spectroscopy|in transmission|includes spectra|transmission spectra)\\b",
     [](TextFacts& f) { f.instruments.clear(); }},
    {"\\b(donor|acceptor|electrons|couple|energy comes|oxidised|degrees|[a-z]+philic|metaboli\\w+)\\b",
     [](TextFacts& f) { f.metabolism.reset(); }},
    {"\\bEarth radii|radius of\\b", [](TextFacts& f) { f.scalars[ScalarId::kPlanetRadius].reset(); }},
    {"[0-9](-day| days)\\b", [](TextFacts& f) { f.scalars[ScalarId::kOrbitalPeriod].reset(); }},
    {"\\b(flux that|incident|insolation|solar constant|irradiation)\\b",
     [](TextFacts& f) { f.scalars[ScalarId::kStellarFlux].reset(); }},
    {"[0-9] K\\b", [](TextFacts& f) { f.scalars[ScalarId::kStellarTemperature].reset(); }},
    {"\\beccentricity\\b", [](TextFacts& f) { f.scalars[ScalarId::kEccentricity].reset(); }},
};

TEST(Text, AnAbsentFactHasNoSentence) {
  for (const Subject& subject : kSubjects) {
    const std::regex pattern(subject.pattern, std::regex::icase);
    int said = 0;
    for (std::uint64_t i = 0; i < 300; ++i) {
      TextFacts facts = factsAt(i);
      facts.hints = {};
      const auto speaks = [&] {
        Random random(37, "text", i);
        const planet::Text text = generateText(facts, random);
        // "Revisited: star, orbit and radius" is a title of any planet; the survey of cool and Sun-like stars no fact.
        const std::string body = std::regex_replace(text.body, std::regex("cool and Sun-like stars"), "stars");
        return std::regex_search(body, pattern);
      };
      said += speaks() ? 1 : 0;
      subject.withdraw(facts);
      EXPECT_FALSE(speaks()) << subject.pattern;
    }
    EXPECT_GT(said, 30) << subject.pattern << ": the pattern finds nothing";
  }
}

TEST(Text, AbsentStarTypeIsInNoTitle) {
  for (std::uint64_t i = 0; i < 500; ++i) {
    TextFacts facts = factsAt(i);
    facts.starType.reset();
    Random random(37, "text", i);
    const std::string title = generateText(facts, random).title;
    EXPECT_FALSE(std::regex_search(title, std::regex("\\b[MKGF](-type| star)"))) << title;
  }
}

TEST(Text, NamesEveryInstrumentOrNone) {
  TextFacts facts = factsAt(6);
  facts.instruments = {"Alpha", "Beta", "Gamma"};
  int named = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    Random random(41, "text", i);
    const std::string body = generateText(facts, random).body;
    const bool all = body.find("Alpha, Beta and Gamma") != std::string::npos;
    named += all ? 1 : 0;
    EXPECT_EQ(body.find("Beta") != std::string::npos, all) << body;
  }
  EXPECT_GT(named, 150);
  EXPECT_LT(named, 300);
}

TEST(Text, TellsOneDiscoveryThroughout) {
  TextFacts facts = factsAt(7);
  facts.discovery = {"NGTS", "HIRES"};
  const std::regex other("TESS|Kepler|K2|SPECULOOS|MEarth|HARPS|ESPRESSO|CARMENES|NIRPS|ground-based transit|all-sky");
  for (std::uint64_t i = 0; i < 500; ++i) {
    Random random(43, "text", i);
    const std::string body = generateText(facts, random).body;
    EXPECT_FALSE(std::regex_search(body, other)) << body;
  }
}

TEST(Text, HoldsNoNumberButItsObservables) {
  const std::regex number("-?[0-9]+(\\.[0-9]+)?");
  std::size_t seen = 0;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const TextFacts facts = factsAt(i);
    std::string all = textAt(i).title + " " + textAt(i).body;
    // Names of planet and instruments carry digits of their own.
    for (const std::string& name : {facts.planetName, facts.hostName, std::string("K2 mission")}) {
      for (std::size_t at = all.find(name); at != std::string::npos; at = all.find(name)) all.erase(at, name.size());
    }
    std::vector<std::pair<double, double>> allowed;  // value, rounding
    const auto allow = [&](ScalarId id, double scale, double rounding) {
      if (facts.scalars[id]) allowed.emplace_back(facts.scalars[id]->value * scale, rounding);
    };
    allow(ScalarId::kPlanetRadius, 1.0, 0.005);
    allow(ScalarId::kOrbitalPeriod, 1.0, 0.05);
    allow(ScalarId::kStellarFlux, 1.0 / 1361.0, 0.005);
    allow(ScalarId::kStellarTemperature, 1.0, 5.0);
    allow(ScalarId::kEccentricity, 1.0, 0.005);
    if (facts.metabolism) {
      allowed.emplace_back(facts.metabolism->growthMinK - 273.15, 0.5);
      allowed.emplace_back(facts.metabolism->growthMaxK - 273.15, 0.5);
    }
    for (std::sregex_iterator it(all.begin(), all.end(), number), end; it != end; ++it) {
      const double value = std::stod(it->str());
      EXPECT_TRUE(std::any_of(allowed.begin(), allowed.end(),
                              [&](const auto& a) { return std::abs(value - a.first) <= a.second * (1.0 + 1e-9); }))
          << it->str() << " in: " << all;
      ++seen;
    }
  }
  EXPECT_GT(seen, 5000u);  // numbers do occur
}

TEST(Text, LimitsAreNotQuotedAsValues) {
  for (std::uint64_t i = 0; i < 300; ++i) {
    TextFacts facts;
    facts.planetName = "Alpha b";
    facts.hostName = "Alpha";
    facts.discovery = {"TESS", "HARPS"};
    facts.scalars[ScalarId::kEccentricity] = planet::Measurement{0.37, 0.0, 1};
    facts.scalars[ScalarId::kPlanetRadius] = planet::Measurement{1.91, 0.0, -1};
    Random random(1, "text", i);
    const std::string body = generateText(facts, random).body;
    EXPECT_EQ(body.find("0.37"), std::string::npos);
    EXPECT_EQ(body.find("1.91"), std::string::npos);
  }
}

TEST(Text, NeverClaimsNorWeighsLife) {
  const std::regex banned(
      "\\b(life|lives?|living|alive|alien|organisms? (was|were|is|are) (found|detected)|inhabit\\w*|"
      "habitab\\w*|uninhabit\\w*|biosign\\w*|bio-sign\\w*|probab\\w*|likelihood|extraterrestrial)\\b",
      std::regex::icase);
  for (const Rule& rule : phrases()) {
    for (const std::string_view alternative : rule.alternatives) {
      EXPECT_FALSE(std::regex_search(std::string(alternative), banned)) << rule.name << ": " << alternative;
    }
  }
  for (std::uint64_t i = 0; i < 1000; ++i) EXPECT_FALSE(std::regex_search(textAt(i).body, banned)) << textAt(i).body;
}

TEST(Text, NothingOutsideHintsSpeaksOfAirWaterOrClimate) {
  const std::regex telling(
      "\\b(temperate|warm climate|frozen|ice|icy|snow|ocean|arid|desert|wet|surface temperature|"
      "greenhouse|runaway|reducing|oxic|anoxic|ozone|dense|thin|tenuous|envelope|pressure)\\b",
      std::regex::icase);
  for (std::uint64_t i = 0; i < 3000; ++i) {
    Random random(29, "text", i);
    TextFacts facts = factsAt(i);
    facts.metabolism.reset();
    const planet::Text text = generateTextWithoutHints(facts, random);
    // The thin disc is a place in the Galaxy.
    const std::string body = std::regex_replace(text.body, std::regex("thin disc"), "disc");
    EXPECT_FALSE(std::regex_search(text.title + " " + body, telling)) << body;
  }
}

TEST(Text, LeavingHintsOutRemovesTheirSentencesAndNothingElse) {
  for (std::uint64_t i = 0; i < 500; ++i) {
    Random with(29, "text", i), without(29, "text", i);
    const TextFacts facts = factsAt(i);
    const planet::Text full = generateText(facts, with);
    const planet::Text bare = generateTextWithoutHints(facts, without);
    EXPECT_EQ(full.title, bare.title);
    auto rest = sentences(full.body);
    const auto kept = sentences(bare.body);
    const std::size_t hints = (facts.hints.scenario ? 1u : 0u) + (facts.hints.ocean ? 1u : 0u);
    ASSERT_EQ(rest.size(), kept.size() + hints);
    // What is kept is a subsequence of the full text.
    std::size_t at = 0;
    for (const std::string& s : rest) {
      if (at < kept.size() && s == kept[at]) ++at;
    }
    EXPECT_EQ(at, kept.size());
  }
}

TEST(Text, HintsSayWhatTheyWereDrawnAs) {
  TextFacts facts = factsAt(1);
  const auto saidBy = [&](planet::RedoxScenario scenario, const char* pattern) {
    facts.hints = {scenario, std::nullopt};
    for (std::uint64_t i = 0; i < 200; ++i) {
      Random with(7, "text", i), without(7, "text", i);
      const auto full = sentences(generateText(facts, with).body);
      const auto bare = sentences(generateTextWithoutHints(facts, without).body);
      std::string hint;
      for (const std::string& s : full) {
        if (std::find(bare.begin(), bare.end(), s) == bare.end()) hint = s;
      }
      EXPECT_TRUE(std::regex_search(hint, std::regex(pattern, std::regex::icase))) << hint;
    }
  };
  saidBy(planet::RedoxScenario::kReducing, "reduc");
  saidBy(planet::RedoxScenario::kNeutralCO2, "carbon dioxide|neutral|neither");
  saidBy(planet::RedoxScenario::kArchean, "archean|anoxic|methane|early Earth");
  saidBy(planet::RedoxScenario::kOxic, "ox[yi]");
  saidBy(planet::RedoxScenario::kThin, "thin|tenuous|low surface|lost|little air");
  saidBy(planet::RedoxScenario::kDense, "dense|massive|thick|high surface");
}

TEST(Text, MetabolismNamesItsDonorAndAcceptor) {
  struct Row {
    planet::Archetype archetype;
    const char *donor, *acceptor;
  };
  for (const Row& row : {Row{planet::Archetype::kMethanogen, "hydrogen", "carbon"},
                         Row{planet::Archetype::kAcetogen, "hydrogen", "carbonate|carbon dioxide"},
                         Row{planet::Archetype::kSulfateReducer, "hydrogen", "sulfate"},
                         Row{planet::Archetype::kAerobicHeterotroph, "organic", "oxygen"},
                         Row{planet::Archetype::kMethanotroph, "methane", "oxygen"},
                         Row{planet::Archetype::kAnoxygenicPhototroph, "sulfur|sulfide", "carbon"},
                         Row{planet::Archetype::kOxygenicPhototroph, "water", "carbon"},
                         Row{planet::Archetype::kIronOxidiser, "iron", "oxygen"}}) {
    for (std::uint64_t i = 0; i < 60; ++i) {
      TextFacts facts = factsAt(2);
      facts.hints = {};
      facts.metabolism = MetabolismFacts{row.archetype, 283.15, 318.15};
      Random random(5, "text", i);
      const std::string body = generateText(facts, random).body;
      const auto says = [&](const char* pattern) {
        return std::regex_search(body, std::regex(pattern, std::regex::icase));
      };
      EXPECT_TRUE(says(row.donor) || says("dihydrogen")) << body;
      EXPECT_TRUE(says(row.acceptor) || says("dioxygen")) << body;
      EXPECT_TRUE(says("10 (and|to) 45 degrees") || says("mesophilic|moderate|room")) << body;
    }
  }
}

TEST(Text, RefusesWhatItCannotDescribe) {
  Random random(1, "text");
  TextFacts facts = factsAt(3);
  facts.metabolism = MetabolismFacts{planet::Archetype::kMethanogen, 320.0, 280.0};
  EXPECT_THROW(generateText(facts, random), Error);
  facts.metabolism.reset();
  facts.discovery.mission.clear();
  EXPECT_THROW(generateText(facts, random), Error);
  facts = factsAt(3);
  facts.planetName.clear();
  EXPECT_THROW(generateText(facts, random), Error);
}

TEST(Observables, AgesAndActivityFollowTheStar) {
  std::array<int, 3> young{}, old{}, activeM{}, activeG{};
  for (std::uint64_t i = 0; i < 2000; ++i) {
    Random random(2, "age", i);
    ++young.at(static_cast<std::size_t>(observedAge(0.8, random)));
    ++old.at(static_cast<std::size_t>(observedAge(10.0, random)));
    ++activeM.at(static_cast<std::size_t>(drawActivity(planet::StarType::kM, AgeClass::kYoung, random)));
    ++activeG.at(static_cast<std::size_t>(drawActivity(planet::StarType::kG, AgeClass::kOld, random)));
  }
  EXPECT_GT(young[0], 1900);
  EXPECT_GT(old[2], 1600);
  EXPECT_GT(activeM[2], activeG[2] + 500);
}

}  // namespace
}  // namespace ecumene::data::physics::text
