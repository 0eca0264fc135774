// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/derive.h"

#include <fmt/format.h>

#include <numeric>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/base/random.h"
#include "data/physics/atmosphere/column.h"
#include "data/physics/atmosphere/labels.h"
#include "data/physics/generator/generator.h"
#include "data/physics/generator/network_draw.h"
#include "data/physics/generator/system_draw.h"
#include "data/physics/metabolism/environment.h"
#include "data/physics/metabolism/viability.h"
#include "data/physics/spectrum/forward_model.h"
#include "data/physics/spectrum/instruments.h"
#include "data/planet/kept_temperature.h"
#include "data/planet/stated.h"

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

/// What labels need and is not known of the planet; empty if all is.
std::string unknownToLabels(const planet::PlanetTruth& truth) {
  if (!planet::synchronous(truth.bulk)) return "it is not known whether the planet is synchronous";
  if (!planet::hasWater(truth.surface)) return "it is not known whether there is water";
  return {};
}

/// What viability needs and is not known of the planet; empty if all is.
std::string unknownToViability(const planet::Planet& p, const planet::PlanetTruth& truth) {
  if (!planet::hasWater(truth.surface)) return "it is not known whether there is water";
  if (!(truth.atmosphere.surfacePressurePa > 0.0)) return "the air is not known";
  if (!(truth.star.temperatureK > 0.0))
    return "the temperature of the star, hence the colour of its light, is not known";
  if (p.climate->find(planet::VariableId::kToaNetShortwave) == nullptr) return "the climate lacks toa_net_shortwave";
  return {};
}

void deriveMetabolisms(planet::Planet& p, const planet::PlanetTruth& truth, bool runaway) {
  const bool known = unknownToViability(p, truth).empty();
  for (std::size_t a = 0; a < planet::kArchetypeCount; ++a) {
    for (planet::Metabolism& m : drawMetabolisms(static_cast<planet::Archetype>(a), p.origin, p.systemKey)) {
      planet::MetabolismCase c;
      c.metabolism = std::move(m);
      // A runaway's cube is a passing state: as f_hab is 0 by definition, so is W, and nothing grows.
      if (runaway) {
        c.viability = metabolism::assess(c.metabolism, metabolism::Environment{});
      } else if (known) {
        c.viability = metabolism::assess(c.metabolism, *p.climate, truth);
      }
      p.metabolisms.push_back(std::move(c));
    }
  }
}

/// What a transit needs and is not known of the planet; empty if all is. The size of the star can be assumed.
std::string unknownToSpectra(const planet::PlanetTruth& truth) {
  if (!(truth.star.temperatureK > 0.0)) return "the temperature of the star is not known";
  if (!(truth.orbit.fluxWm2 > 0.0)) return "the flux of the star, hence how far light is bent, is not known";
  if (!(truth.bulk.radiusEarth > 0.0)) return "the radius of the planet is not known";
  if (!(truth.bulk.gravity > 0.0)) return "the gravity of the planet is not known";
  if (!(truth.atmosphere.surfacePressurePa > 0.0)) return "the air is not known";
  return {};
}

/// Spectra of a planet of another climate model, whose star has a temperature but often no size; says what was assumed
/// or why there are none.
void deriveSimulatedSpectra(planet::Planet& p, std::uint64_t seed, std::uint64_t index, planet::Provenance& said) {
  planet::PlanetTruth truth = *p.truth;
  if (const std::string unknown = unknownToSpectra(truth); !unknown.empty()) {
    said.conversions += "; no simulated spectrum, as " + unknown;
    return;
  }
  try {
    if (!(truth.star.radiusSun > 0.0)) {
      truth.star.radiusSun = mainSequence(truth.star.temperatureK).radiusSun;
      said.assumptions.push_back(fmt::format(
          "the star is a main-sequence star of {:.0f} K with {:.3f} solar radii (for the simulated spectra)",
          truth.star.temperatureK, truth.star.radiusSun));
    }
    deriveSpectra(p, truth, seed, index);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    p.spectra.clear();
    said.assumptions.clear();
    said.conversions += std::string("; no simulated spectrum: ") + error.what();
    return;
  }
  said.conversions += "; simulated spectra (our forward model on the file's area-mean profile and its gases)";
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
  context.stratosphereAbove = planet.origin == planet::Origin::kGenerated;
  planet.labels = atmosphere::computeLabels(*planet.climate, context);
}

void deriveObservables(planet::Planet& planet, const planet::PlanetTruth& truth, std::uint64_t seed,
                       std::uint64_t index) {
  deriveSpectra(planet, truth, seed, index);
  deriveMetabolisms(planet, truth, planet.labels && planet.labels->regime == planet::Regime::kRunaway);
}

void derive(planet::Planet& planet, std::uint64_t seed) {
  if (!planet.climate) throw internalError("derive() needs a planet with a climate");
  for (planet::Field& field : planet.climate->fields) {
    if (field.id != planet::VariableId::kSurfaceTemperature) continue;
    for (float& kelvin : field.values) kelvin = planet::keptTemperatureK(static_cast<double>(kelvin));
  }
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
  if (planet.climate->find(planet::VariableId::kSurfaceTemperature) == nullptr) {
    said.conversions = "nothing: the climate has no surface temperature, so the planet has no labels";
    planet.provenance.push_back(std::move(said));
    return;
  }
  const planet::PlanetTruth& truth = *planet.truth;
  const std::uint64_t index = stableHash(planet.name);
  deriveLabels(planet, truth, false, std::nullopt);
  // A climate is a runaway by its temperature alone, whatever the rest of the labels needs.
  const bool runaway = planet.labels->regime == planet::Regime::kRunaway;
  said.conversions = "labels by our own code";
  if (const std::string unknown = unknownToLabels(truth); !unknown.empty()) {
    planet.labels.reset();
    said.conversions = "no labels, as " + unknown;
  }
  if (planet.metabolisms.empty()) {
    deriveMetabolisms(planet, truth, runaway);
    said.conversions += "; archetype metabolisms";
    const std::string unknown = unknownToViability(planet, truth);
    if (!unknown.empty() && !runaway) said.conversions += " without viability, as " + unknown;
  }
  if (planet.spectra.empty()) deriveSimulatedSpectra(planet, seed, index, said);
  planet.provenance.push_back(std::move(said));
}

}  // namespace ecumene::data::physics::generator
