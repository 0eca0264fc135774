// SPDX-License-Identifier: Apache-2.0
#include "data/batch/planet_samples.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "data/physics/generator/network_draw.h"

namespace ecumene::data::batch {
namespace {

using loader::Sample;

loader::FlatCube flatCube(const planet::ClimateCube& climate) {
  store::CubeIndex index;
  for (const planet::Field& field : climate.fields) {
    store::CubeIndex::Place place;
    place.count = field.values.size();
    index.variables.at(static_cast<std::size_t>(field.id)) = place;
  }
  loader::FlatCube flat(std::make_shared<loader::CubePool>(0), index);
  auto to = flat.values().begin();
  for (const planet::Field& field : climate.fields) to = std::ranges::copy(field.values, to).out;
  return flat;
}

/// Cases of a planet, or those to ask about, with their position in Planet::metabolisms if they have one.
using Asked = std::vector<std::pair<planet::MetabolismCase, std::optional<std::size_t>>>;
Asked casesOf(const planet::Planet& planet) {
  Asked cases;
  for (std::size_t a = 0; a < planet::kArchetypeCount; ++a) {
    const auto archetype = static_cast<planet::Archetype>(a);
    const auto own = std::ranges::find(planet.metabolisms, archetype,
                                       [](const planet::MetabolismCase& c) { return c.metabolism.archetype; });
    if (own != planet.metabolisms.end()) {
      cases.emplace_back(*own, static_cast<std::size_t>(own - planet.metabolisms.begin()));
    } else if (planet.metabolisms.empty()) {
      const std::string& key = planet.systemKey.empty() ? planet.id : planet.systemKey;
      auto drawn = physics::generator::drawMetabolisms(archetype, planet::Origin::kObserved, key);
      cases.emplace_back(planet::MetabolismCase{std::move(drawn.front()), std::nullopt}, std::nullopt);
    }
  }
  return cases;
}

struct Seen {
  planet::ModelSpectrum spectrum;
  std::string instrument;
  std::ptrdiff_t bins = 0;  ///< with an error
};
std::optional<Seen> bestSpectrum(const planet::Planet& planet) {
  std::optional<Seen> best;
  for (const planet::Spectrum& spectrum : planet.spectra) {
    if (spectrum.kind != planet::SpectrumKind::kTransmission) continue;
    Seen seen{planet::rebin(spectrum), spectrum.instrument};
    seen.bins = std::ranges::count_if(seen.spectrum.sigma, [](double sigma) { return sigma > 0.0; });
    if (!best || seen.bins > best->bins) best = std::move(seen);
  }
  return best;
}

}  // namespace

std::vector<Sample> samplesOf(const planet::Planet& planet) {
  const std::optional<Seen> seen = bestSpectrum(planet);
  std::vector<Sample> samples;
  for (auto& [asked, position] : casesOf(planet)) {
    Sample& sample = samples.emplace_back();
    sample.id = planet.id + "/" + std::string(name(asked.metabolism.archetype));
    sample.planet = planet.id;
    if (planet.climate) sample.cube = flatCube(*planet.climate);
    sample.scalars = planet.scalars;
    sample.truth = planet.truth;
    sample.labels = planet.labels;
    sample.metabolism = asked;
    if (seen) {
      sample.spectrum = seen->spectrum;
      sample.instrument = seen->instrument;
    }
    const auto text = std::ranges::find_if(
        planet.texts, [&, at = position](const planet::Text& t) { return !t.metabolism || t.metabolism == at; });
    if (text != planet.texts.end()) sample.text = *text;
    sample.quality = planet.quality;
  }
  return samples;
}

}  // namespace ecumene::data::batch
