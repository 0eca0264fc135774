// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/texts.h"

#include <fmt/format.h>

#include <cctype>
#include <string>

#include "data/base/error.h"
#include "data/base/random.h"
#include "data/physics/generator/generator.h"
#include "data/physics/text/text.h"

namespace ecumene::data::physics::generator {
namespace {

/// Name of the star of "ECU-00042 b": the planet's name without its last word.
std::string hostOf(const std::string& planetName) {
  const std::size_t blank = planetName.find_last_of(' ');
  return blank == std::string::npos ? planetName + " A" : planetName.substr(0, blank);
}

/// "JWST MIRI LRS", "the wide survey": names of their own have no article.
std::string inSentence(const std::string& instrument) {
  const bool common = !instrument.empty() && std::islower(static_cast<unsigned char>(instrument.front())) != 0;
  return (common ? "the " : "") + instrument;
}

text::TextFacts commonFacts(const planet::Planet& p, const planet::Star& star, std::uint64_t seed,
                            std::uint64_t system) {
  text::TextFacts facts;
  facts.planetName = p.name;
  facts.hostName = hostOf(p.name);
  Random person(seed, "text-star", system);
  facts.starType = planet::starType(star.temperatureK);
  facts.age = text::observedAge(star.ageGyr, person);
  facts.activity = text::drawActivity(*facts.starType, *facts.age, person);
  facts.discovery = text::drawDiscovery(person);
  facts.scalars = p.scalars;
  for (const planet::Spectrum& s : p.spectra) facts.instruments.push_back(inSentence(s.instrument));
  return facts;
}

}  // namespace

std::vector<planet::Text> describe(const planet::Planet& planet, const planet::PlanetTruth& truth, std::uint64_t seed,
                                   std::uint64_t index, std::uint64_t system, HintStatements hints) {
  if (planet.origin != planet::Origin::kGenerated) {
    throw internalError("a text would invent the discovery of a planet that is not generated: " + planet.name);
  }
  text::TextFacts facts = commonFacts(planet, truth.star, seed, system);
  std::vector<planet::Text> texts;
  for (std::size_t m = 0; m < planet.metabolisms.size(); ++m) {
    const planet::Metabolism& metabolism = planet.metabolisms[m].metabolism;
    facts.metabolism = text::MetabolismFacts{metabolism.archetype, metabolism.growthMinK, metabolism.growthMaxK};
    for (std::uint64_t n = 0; n < kTextsPerCase; ++n) {
      const std::uint64_t draw = (index * planet.metabolisms.size() + m) * kTextsPerCase + n;
      Random hintRandom(seed, "text-hints", draw);
      facts.hints = text::drawHints(truth.atmosphere.scenario, truth.surface.oceanFraction > 0.0, hintRandom);
      Random grammar(seed, "text", draw);
      planet::Text t = hints == HintStatements::kSaid ? text::generateText(facts, grammar)
                                                      : text::generateTextWithoutHints(facts, grammar);
      t.id = fmt::format("t{}.{}", m, n);
      t.metabolism = m;
      texts.push_back(std::move(t));
    }
  }
  return texts;
}

}  // namespace ecumene::data::physics::generator
