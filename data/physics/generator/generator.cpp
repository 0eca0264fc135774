// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/generator.h"

#include <fmt/format.h>

#include "data/base/error.h"
#include "data/physics/atmosphere/cube_builder.h"
#include "data/physics/atmosphere/phase_change.h"
#include "data/physics/climate/climate.h"
#include "data/physics/generator/composition.h"
#include "data/physics/generator/derive.h"
#include "data/physics/generator/history.h"
#include "data/physics/generator/network_draw.h"
#include "data/physics/generator/priors.h"
#include "data/physics/generator/system_draw.h"
#include "data/physics/generator/texts.h"
#include "data/planet/stated.h"

namespace ecumene::data::physics::generator {
namespace {

planet::Provenance generated(std::string part, std::uint64_t seed, std::string how) {
  planet::Provenance p;
  p.part = std::move(part);
  p.source = "generator";
  p.generator = kGenerator;
  p.seed = seed;
  p.conversions = std::move(how);
  p.licence = "CC0-1.0";
  return p;
}

/// The cube of the present behind those of the past, on one axis.
planet::ClimateCube withPast(const planet::Planet& p, const planet::PlanetTruth& truth, std::size_t epochs,
                             const std::stop_token& stop) {
  const planet::Regime regime = p.labels->regime;
  const bool weathers = planet::hasWater(truth.surface).value_or(false) && regime != planet::Regime::kRunaway &&
                        regime != planet::Regime::kSnowball;
  planet::ClimateCube cube = *p.climate;
  for (planet::Field& field : cube.fields) field.values.clear();
  for (const Moment& moment : pastOf(truth, epochs, p.labels->tMeanK, weathers)) {
    cube.grid.epochGyr.push_back(moment.ageGyr);
    const bool present = cube.grid.epochGyr.size() == epochs;
    const planet::ClimateCube then =
        present ? *p.climate : atmosphere::buildCube(climate::solveClimate(moment.truth, stop), moment.truth);
    for (std::size_t f = 0; f < cube.fields.size(); ++f) {
      const std::vector<float>& values = then.fields[f].values;
      cube.fields[f].values.insert(cube.fields[f].values.end(), values.begin(), values.end());
    }
  }
  return cube;
}

}  // namespace

std::string planetId(std::uint64_t seed, std::uint64_t index) {
  const bool warm = placeOf(seed, index).start == planet::StartState::kWarm;
  return fmt::format("g{}-{:06d}{}", seed, index, warm ? 'w' : 'c');
}

planet::Planet generatePlanet(std::uint64_t seed, std::uint64_t index, const std::stop_token& stop,
                              std::size_t epochs) {
  try {
    const PlanetPlace place = placeOf(seed, index);
    planet::PlanetTruth truth = drawSystem(seed, place.system);
    truth.start = place.start;

    planet::Planet p;
    p.id = planetId(seed, index);
    p.name = fmt::format("ECU-{:05d} b", place.system);
    p.origin = planet::Origin::kGenerated;
    p.systemKey = systemKey(truth);
    p.provenance.push_back(generated("truth", seed, fmt::format("system {} of the seed", place.system)));
    p.provenance.push_back(
        generated("scalars", seed, "truth and the climate's surface pressure, with survey-like noise"));

    const SurfaceClimate surface = climate::solveClimate(truth, stop);
    p.climate = atmosphere::buildCube(surface, truth);
    p.climateFlags = surface.flags;
    p.climateFlags->boilingShare = atmosphere::boilingShare(*p.climate);
    p.climateFlags->waterBoils = p.climateFlags->boilingShare > 0.0;
    p.climateFlags->co2FrostShare = atmosphere::co2FrostShare(*p.climate, truth.atmosphere);
    p.climateFlags->co2Freezes = p.climateFlags->co2FrostShare > 0.0;
    const planet::Field& pressure = p.climate->require(planet::VariableId::kSurfaceAirPressure);
    // One survey sees one system: both starts share what was observed, but for the vapour that weighs on the ground.
    Random scalarRandom(seed, "scalars", place.system);
    p.scalars = observe(truth, planet::statistics(*p.climate, pressure).areaWeightedMean, scalarRandom);
    p.provenance.push_back(generated("climate", seed, "energy balance model on the T21 grid, moist columns above it"));

    deriveLabels(p, truth, surface.flags.runaway, surface.largestOlrWm2);
    p.truth = truth;
    deriveObservables(p, truth, seed, index);
    p.texts = describe(p, truth, seed, index, place.system);
    for (const char* part : {"labels", "spectra", "metabolisms"}) {
      p.provenance.push_back(generated(part, seed, "from the planet's own climate and truth"));
    }
    p.provenance.push_back(
        generated("texts", seed, "from star, orbit, survey and metabolism, and hints at air and sea"));
    if (epochs > 1) {
      p.climate = withPast(p, truth, epochs, stop);
      p.provenance.push_back(generated(
          "climate/epoch", seed,
          "equilibria at ages of the star: brightening after Gough (1981), CO2 by weathering after Walker, Hays & "
          "Kasting (1981); labels, spectra, metabolisms and texts are of the last epoch, the present"));
    }
    return p;
  } catch (Error& error) {
    throw error.within(fmt::format("generating planet {} of seed {}", index, seed));
  }
}

std::string parametersText(std::size_t epochs) {
  std::string text;
  for (const Prior& p : priors()) {
    text += fmt::format("{} [{}] shape {} {} {}\n", p.name, p.unit, static_cast<int>(p.shape), p.low, p.high);
  }
  for (const ScenarioPrior& s : scenarioPriors()) {
    text += fmt::format("scenario {} share {} pressure {} {}", name(s.scenario), s.share, s.pressureLowBar,
                        s.pressureHighBar);
    for (const GasRange& g : s.gases) text += fmt::format(" {} {} {}", name(g.gas), g.low, g.high);
    text += "\n";
  }
  text +=
      fmt::format("variants {} instruments {} texts {}\n", kVariantsPerArchetype, kInstrumentsPerPlanet, kTextsPerCase);
  if (epochs > 1) text += fmt::format("epochs {}\n", epochs);
  return text;
}

}  // namespace ecumene::data::physics::generator
