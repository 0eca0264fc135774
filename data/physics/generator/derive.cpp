// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/derive.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "data/base/error.h"
#include "data/base/random.h"
#include "data/physics/atmosphere/column.h"
#include "data/physics/atmosphere/labels.h"
#include "data/physics/generator/generator.h"
#include "data/physics/generator/system_draw.h"
#include "data/physics/metabolism/environment.h"
#include "data/physics/metabolism/variants.h"
#include "data/physics/metabolism/viability.h"
#include "data/physics/spectrum/forward_model.h"
#include "data/physics/spectrum/instruments.h"
#include "data/physics/text/text.h"

namespace ecumene::data::physics::generator {
namespace {

/// Instruments without repetition, in drawn order.
std::vector<spectrum::Instrument> drawInstruments(Random& random) {
  const auto all = spectrum::instruments();
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<spectrum::Instrument> chosen;
  for (int i = 0; i < kInstrumentsPerPlanet && !order.empty(); ++i) {
    const std::uint32_t at = random.below(static_cast<std::uint32_t>(order.size()));
    chosen.push_back(all[order[at]]);
    order.erase(order.begin() + at);
  }
  return chosen;
}

void deriveSpectra(planet::Planet& p, const planet::PlanetTruth& truth, std::uint64_t seed, std::uint64_t index) {
  const Column column = atmosphere::areaMeanColumn(*p.climate, truth.atmosphere);
  const planet::Spectrum model = spectrum::simulate(column, truth);
  Random choice(seed, "instruments", index);
  Random spotRandom(seed, "spots", index);
  const spectrum::Spots spots = spectrum::drawSpots(truth.star, spotRandom);
  std::uint64_t visit = 0;
  for (const spectrum::Instrument& instrument : drawInstruments(choice)) {
    Random noise(seed, "spectrum-noise", index * static_cast<std::uint64_t>(kInstrumentsPerPlanet) + visit++);
    p.spectra.push_back(spectrum::observe(model, instrument, truth.star, spots, noise));
  }
}

/// Different variants for one archetype on one planet.
std::vector<int> drawVariants(Random& random) {
  std::vector<int> variants;
  while (variants.size() < static_cast<std::size_t>(kVariantsPerArchetype)) {
    const int variant = static_cast<int>(random.below(kVariantPool));
    if (std::find(variants.begin(), variants.end(), variant) == variants.end()) variants.push_back(variant);
  }
  return variants;
}

void deriveMetabolisms(planet::Planet& p, const planet::PlanetTruth& truth, std::uint64_t seed, std::uint64_t index) {
  const bool runaway = p.labels && p.labels->regime == planet::Regime::kRunaway;
  Random random(seed, "variants", index);
  for (std::size_t a = 0; a < planet::kArchetypeCount; ++a) {
    for (const int variant : drawVariants(random)) {
      planet::MetabolismCase c;
      c.metabolism = metabolism::makeMetabolism(static_cast<planet::Archetype>(a), variant, seed);
      // A runaway's cube is a passing state: as f_hab is 0 by definition, so is W, and nothing grows.
      c.viability = runaway ? metabolism::assess(c.metabolism, metabolism::Environment{})
                            : metabolism::assess(c.metabolism, *p.climate, truth);
      p.metabolisms.push_back(std::move(c));
    }
  }
}

/// Name of the star of "ECU-00042 b": the planet's name without its last word.
std::string hostOf(const std::string& planetName) {
  const std::size_t blank = planetName.find_last_of(' ');
  return blank == std::string::npos ? planetName + " A" : planetName.substr(0, blank);
}

void deriveTexts(planet::Planet& p, const planet::PlanetTruth& truth, std::uint64_t seed, std::uint64_t index) {
  text::TextFacts facts;
  facts.planetName = p.name;
  facts.hostName = hostOf(p.name);
  facts.starType = planet::starType(truth.star.temperatureK);
  Random person(seed, "text-star", index);
  facts.age = text::observedAge(truth.star.ageGyr, person);
  facts.activity = text::drawActivity(facts.starType, facts.age, person);
  facts.scalars = p.scalars;
  for (std::size_t m = 0; m < p.metabolisms.size(); ++m) {
    const planet::Metabolism& metabolism = p.metabolisms[m].metabolism;
    const std::uint64_t draw = index * 64 + m;
    Random hintRandom(seed, "text-hints", draw);
    facts.hints = text::drawHints(truth.atmosphere.scenario, truth.surface.oceanFraction > 0.0, hintRandom);
    facts.metabolism = text::MetabolismFacts{metabolism.archetype, metabolism.growthMinK, metabolism.growthMaxK};
    facts.instrument = p.spectra.empty() ? std::string() : p.spectra[m % p.spectra.size()].instrument;
    Random grammar(seed, "text", draw);
    planet::Text t = text::generateText(facts, grammar);
    t.id = fmt::format("t{}", m);
    t.metabolism = m;
    p.texts.push_back(std::move(t));
  }
}

}  // namespace

void deriveLabels(planet::Planet& planet, const planet::PlanetTruth& truth, bool runaway,
                  std::optional<double> largestOlrWm2) {
  atmosphere::LabelContext context;
  context.synchronous = truth.bulk.synchronous;
  context.runaway = runaway;
  context.oceanFraction = truth.surface.oceanFraction;
  context.soilMoistureM = truth.surface.soilMoistureM;
  context.largestOlrWm2 = largestOlrWm2;
  if (truth.atmosphere.surfacePressurePa > 0.0) context.atmosphere = truth.atmosphere;
  planet.labels = atmosphere::computeLabels(*planet.climate, context);
}

void deriveObservables(planet::Planet& planet, const planet::PlanetTruth& truth, std::uint64_t seed,
                       std::uint64_t index) {
  if (planet.spectra.empty()) deriveSpectra(planet, truth, seed, index);
  if (planet.metabolisms.empty()) deriveMetabolisms(planet, truth, seed, index);
  if (planet.texts.empty()) deriveTexts(planet, truth, seed, index);
}

void derive(planet::Planet& planet, std::uint64_t seed) {
  if (!planet.climate) throw internalError("derive() needs a planet with a climate");
  planet::Provenance said;
  said.part = "derived";
  said.source = "generator";
  said.generator = kGenerator;
  said.seed = seed;
  if (!planet.truth) {
    said.conversions = "nothing: star, air and surface of the planet are not known, so it has no labels";
    planet.provenance.push_back(std::move(said));
    return;
  }
  planet::PlanetTruth truth = *planet.truth;
  deriveLabels(planet, truth, false, std::nullopt);
  if (!(truth.star.radiusSun > 0.0)) {
    // The depth of a transit needs the star's size, which climate models do not tell.
    try {
      truth.star.radiusSun = mainSequence(truth.star.temperatureK).radiusSun;
      said.assumptions.push_back(fmt::format(
          "the star is a main-sequence star of {:.0f} K with {:.3f} solar radii (for the simulated spectra)",
          truth.star.temperatureK, truth.star.radiusSun));
    } catch (const Error& error) {
      said.conversions =
          std::string("labels by our own code; no simulated spectrum, metabolisms or texts: ") + error.what();
      planet.provenance.push_back(std::move(said));
      return;
    }
  }
  deriveObservables(planet, truth, seed, stableHash(planet.name));
  said.conversions =
      "labels, simulated spectra (our forward model on the file's area-mean profile and its gases), archetype "
      "metabolisms, texts";
  planet.provenance.push_back(std::move(said));
}

}  // namespace ecumene::data::physics::generator
