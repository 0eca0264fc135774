// SPDX-License-Identifier: Apache-2.0
#include "data/physics/text/text.h"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "data/physics/constants.h"
#include "data/physics/text/grammar.h"

namespace ecumene::data::physics::text {
namespace {

using planet::ScalarId;

constexpr double kShare = 0.75;  // choice: of texts that have a given optional sentence

std::string_view word(AgeClass age) {
  constexpr std::array<std::string_view, 3> kWords{"young", "middle", "old"};
  return kWords.at(static_cast<std::size_t>(age));
}

std::string_view word(Activity activity) {
  constexpr std::array<std::string_view, 3> kWords{"quiet", "moderate", "active"};
  return kWords.at(static_cast<std::size_t>(activity));
}

/// Words for temperatures of growth by where the optimum range lies (Madigan et al., Brock Biology of Microorganisms).
std::string_view thermalClass(const MetabolismFacts& metabolism) {
  const double middleCelsius = 0.5 * (metabolism.growthMinK + metabolism.growthMaxK) - kFreezingK;
  if (middleCelsius < 15.0) return "cold";
  if (middleCelsius < 40.0) return "mild";
  if (middleCelsius < 65.0) return "warm";
  return "hot";
}

/// The value if it was measured; limits are no values.
std::optional<double> measured(const TextFacts& facts, ScalarId id) {
  const auto& value = facts.scalars[id];
  if (!value || value->limit != 0) return std::nullopt;
  return value->value;
}

/// "A", "A and B", "A, B and C".
std::string listed(const std::vector<std::string>& items) {
  std::string list = items.front();
  for (std::size_t i = 1; i < items.size(); ++i) list += (i + 1 < items.size() ? ", " : " and ") + items[i];
  return list;
}

Words wordsOf(const TextFacts& facts) {
  Words words;
  words["planet"] = facts.planetName;
  words["host"] = facts.hostName;
  words["mission"] = facts.discovery.mission;
  words["spectrograph"] = facts.discovery.spectrograph;
  if (facts.starType) words["type"] = planet::name(*facts.starType);
  if (!facts.instruments.empty()) words["instruments"] = listed(facts.instruments);
  if (const auto radius = measured(facts, ScalarId::kPlanetRadius)) words["radius"] = fmt::format("{:.2f}", *radius);
  if (const auto period = measured(facts, ScalarId::kOrbitalPeriod)) words["period"] = fmt::format("{:.1f}", *period);
  if (const auto flux = measured(facts, ScalarId::kStellarFlux))
    words["flux"] = fmt::format("{:.2f}", *flux / kEarthFlux);
  if (const auto t = measured(facts, ScalarId::kStellarTemperature)) {
    words["teff"] = fmt::format("{:.0f}", 10.0 * std::round(*t / 10.0));
  }
  if (const auto e = measured(facts, ScalarId::kEccentricity)) words["eccentricity"] = fmt::format("{:.2f}", *e);
  if (facts.metabolism) {
    words["low"] = fmt::format("{:.0f}", std::round(facts.metabolism->growthMinK - kFreezingK) + 0.0);
    words["high"] = fmt::format("{:.0f}", std::round(facts.metabolism->growthMaxK - kFreezingK) + 0.0);
  }
  return words;
}

void check(const TextFacts& facts) {
  if (facts.planetName.empty() || facts.hostName.empty()) throw Error("a text needs the names of planet and star");
  if (facts.discovery.mission.empty() || facts.discovery.spectrograph.empty()) {
    throw Error("a text needs a discovery").on(facts.planetName).expected("a mission and a spectrograph");
  }
  if (facts.metabolism &&
      !(facts.metabolism->growthMinK > 0.0 && facts.metabolism->growthMaxK > facts.metabolism->growthMinK &&
        std::isfinite(facts.metabolism->growthMaxK))) {
    throw Error("the growth window is none")
        .on(std::string(planet::name(facts.metabolism->archetype)))
        .expected("0 K < lowest < highest temperature")
        .found(fmt::format("{} to {} K", facts.metabolism->growthMinK, facts.metabolism->growthMaxK));
  }
}

}  // namespace

AgeClass observedAge(double ageGyr, Random& random) {
  constexpr double kDatingError = 0.3;              // of ln age
  constexpr double kYoungGyr = 2.0, kOldGyr = 7.0;  // choices
  const double seen = ageGyr * std::exp(kDatingError * random.normal());
  if (seen < kYoungGyr) return AgeClass::kYoung;
  return seen > kOldGyr ? AgeClass::kOld : AgeClass::kMiddle;
}

Activity drawActivity(planet::StarType type, AgeClass age, Random& random) {
  // Choices: with these steps about 3 in 5 young M dwarfs are active and no old star of another type is.
  const double cool = type == planet::StarType::kM ? 0.3 : 0.0;
  const double fresh = age == AgeClass::kYoung ? 0.3 : age == AgeClass::kMiddle ? 0.1 : 0.0;
  const double level = random.uniform() + cool + fresh;
  if (level > 1.0) return Activity::kActive;
  return level > 0.55 ? Activity::kModerate : Activity::kQuiet;
}

Discovery drawDiscovery(Random& random) {
  Discovery discovery;
  discovery.mission = expand("<mission>", {}, random);
  discovery.spectrograph = expand("<spectrograph>", {}, random);
  return discovery;
}

planet::Text generateText(const TextFacts& facts, Random& random) {
  check(facts);
  const Words words = wordsOf(facts);
  const auto sentence = [&](std::string_view rule) {
    return asSentence(expand(fmt::format("<{}>", rule), words, random));
  };
  const auto has = [&](std::string_view word) { return words.find(word) != words.end(); };

  planet::Text text;
  text.source = "generated";
  text.licence = "CC0-1.0";
  text.keywords = {facts.planetName, facts.hostName};
  constexpr double kTitleShare = 0.5, kStarTitleShare = 0.25;  // choices
  const bool metabolismTitle = random.chance(kTitleShare) && facts.metabolism;
  const bool starTitle = random.chance(kStarTitleShare) && facts.starType;
  text.title = sentence(metabolismTitle ? "title.metabolism" : starTitle ? "title.star" : "title");

  std::vector<std::string> body;
  const auto maybe = [&](bool possible, std::string_view rule) {
    if (random.chance(kShare) && possible) body.push_back(sentence(rule));
  };
  const auto maybeOf = [&](std::string_view subject, std::optional<std::string_view> kind) {
    maybe(kind.has_value(), fmt::format("{}.{}", subject, kind.value_or("")));
  };
  maybeOf("star", facts.starType ? std::optional(planet::name(*facts.starType)) : std::nullopt);
  maybe(has("teff"), "star.temperature");
  maybeOf("age", facts.age ? std::optional(word(*facts.age)) : std::nullopt);
  maybeOf("activity", facts.activity ? std::optional(word(*facts.activity)) : std::nullopt);
  maybe(has("period"), "orbit.period");
  maybe(has("flux"), "orbit.flux");
  maybe(has("radius"), "planet.radius");
  maybe(has("eccentricity"), "orbit.eccentricity");
  maybe(has("instruments"), "observation");
  maybe(true, "survey");
  for (std::size_t i = body.size(); i > 1; --i) {
    std::swap(body[i - 1], body[random.below(static_cast<std::uint32_t>(i))]);
  }
  body.insert(body.begin(), sentence("discovery"));
  if (facts.metabolism) {
    const std::string_view archetype = planet::name(facts.metabolism->archetype);
    Words own = words;
    for (const std::string_view part : {"donor", "acceptor", "name"}) {
      own[std::string(part)] = expand(fmt::format("<{}.{}>", part, archetype), words, random);
    }
    body.push_back(asSentence(expand("<metabolism>", own, random)));
    own["thermal"] = expand(fmt::format("<thermal.{}>", thermalClass(*facts.metabolism)), words, random);
    body.push_back(asSentence(expand(random.chance(0.5) ? "<window.numbers>" : "<window.words>", own, random)));
  }
  // Hints last, so that leaving them out changes nothing before them.
  std::vector<std::string> hints;
  if (facts.hints.scenario && *facts.hints.scenario != planet::RedoxScenario::kUnknown) {
    hints.push_back(sentence(fmt::format("scenario.{}", planet::name(*facts.hints.scenario))));
  }
  if (facts.hints.ocean) hints.push_back(sentence(*facts.hints.ocean ? "ocean.yes" : "ocean.no"));
  for (std::string& hint : hints) {
    const auto at = random.below(static_cast<std::uint32_t>(body.size())) + 1;
    body.insert(body.begin() + at, std::move(hint));
  }
  for (const std::string& s : body) text.body += (text.body.empty() ? "" : " ") + s + ".";
  return text;
}

planet::Text generateTextWithoutHints(TextFacts facts, Random& random) {
  facts.hints = {};
  return generateText(facts, random);
}

}  // namespace ecumene::data::physics::text
