// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sample_planet.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "data/base/random.h"

namespace ecumene::test {
namespace {

using namespace data::planet;

struct Place {
  double latitude = 0.0, longitude = 0.0;            // rad
  double cosLatitude = 0.0, sinTwiceLatitude = 0.0;  // of the latitude
  double sin = 0.0, cos = 0.0;                       // of the wave that moves with the level
};

struct Level {
  double sigma = 1.0, cooling = 1.0;  // the air's temperature over the surface's
  double sin = 0.0, cos = 0.0;
};

Level levelAt(double sigma, double phase) {
  const double angle = 6.0 * sigma + 3.0 * phase;
  return {sigma, std::pow(std::max(sigma, 0.01), 0.19), std::sin(angle), std::cos(angle)};
}

/// `w`: a smooth value in [-1, 1] of place, level and month.
float valueOf(VariableId id, double base, double w, const Place& place, const Level& level) {
  const double surface = base + 35.0 * (place.cosLatitude * place.cosLatitude - 0.5) + 4.0 * w;
  const double air = surface * level.cooling;
  switch (id) {
    case VariableId::kAirTemperature:
      return static_cast<float>(air);
    case VariableId::kSpecificHumidity:
      return static_cast<float>(0.6 * 380.0 / (level.sigma * 1e5) *
                                std::exp(0.07 * (air - 273.0) / (1.0 + 0.004 * (air - 273.0))));
    case VariableId::kEastwardWind:
      return static_cast<float>(20.0 * place.sinTwiceLatitude * (1.2 - level.sigma) + 5.0 * w);
    case VariableId::kNorthwardWind:
      return static_cast<float>(3.0 * w);
    case VariableId::kSurfaceTemperature:
      return static_cast<float>(surface);
    case VariableId::kSurfaceAirPressure:
      return static_cast<float>(1e5 + 800.0 * w);
    case VariableId::kCloudAreaFraction:
      return static_cast<float>(0.5 + 0.45 * w);
    case VariableId::kSeaIceAreaFraction:
      return surface > 273.0 ? 0.0F : 1.0F;
    case VariableId::kToaNetShortwave:
      return static_cast<float>(240.0 + 120.0 * (place.cosLatitude - 0.785) + 10.0 * w);
    case VariableId::kToaOutgoingLongwave:
      return static_cast<float>(240.0 + 40.0 * (place.cosLatitude - 0.785) + 6.0 * w);
  }
  return 0.0F;
}

ClimateCube sampleCube(double base, double phase, const SampleParts& parts) {
  ClimateCube cube;
  Grid& grid = cube.grid;
  gaussianLatitudes(parts.latitudes, grid.latitudeDeg, grid.latitudeWeight);
  for (std::size_t i = 0; i < parts.longitudes; ++i) {
    grid.longitudeDeg.push_back(360.0 * static_cast<double>(i) / static_cast<double>(parts.longitudes));
  }
  grid.sigma = canonicalGrid().sigma;
  std::vector<Place> places;
  for (const double latitudeDeg : grid.latitudeDeg) {
    for (const double longitudeDeg : grid.longitudeDeg) {
      const double latitude = latitudeDeg * std::numbers::pi / 180.0;
      const double longitude = longitudeDeg * std::numbers::pi / 180.0;
      const double angle = 5.0 * longitude + 4.0 * latitude;
      places.push_back(
          {latitude, longitude, std::cos(latitude), std::sin(2.0 * latitude), std::sin(angle), std::cos(angle)});
    }
  }
  std::vector<double> monthly;  // of month and place, on every level
  for (std::size_t month = 0; month < kMonths; ++month) {
    const double time = static_cast<double>(month) * std::numbers::pi / 6.0;
    for (const Place& place : places) {
      monthly.push_back(0.5 * std::sin(3.0 * place.latitude + 0.5 * time + phase) +
                        0.3 * std::cos(2.0 * place.longitude - time + 2.0 * phase));
    }
  }
  std::vector<Level> levels;
  for (const double sigma : grid.sigma) levels.push_back(levelAt(sigma, phase));
  const std::vector<Level> surface = {levelAt(1.0, phase)};
  for (const VariableInfo& row : variables()) {
    Field field{row.id, {}};
    field.values.reserve(monthly.size() * (row.onLevels ? levels : surface).size());
    for (std::size_t i = 0; i < monthly.size(); ++i) {
      const Place& place = places[i % places.size()];
      for (const Level& level : row.onLevels ? levels : surface) {
        const double w = monthly[i] + 0.2 * (place.sin * level.cos + place.cos * level.sin);
        field.values.push_back(valueOf(row.id, base, w, place, level));
      }
    }
    cube.fields.push_back(std::move(field));
  }
  for (std::size_t i = 0; i < grid.cells(); ++i) {
    cube.landFraction.push_back(static_cast<float>(0.5 + 0.5 * std::sin(0.1 * static_cast<double>(i) + phase)));
    cube.orographyM.push_back(static_cast<float>(100.0 * std::cos(0.05 * static_cast<double>(i))));
  }
  return cube;
}

MetabolicNetwork sampleNetwork(const std::string& id, std::size_t reactions, double bound) {
  MetabolicNetwork n;
  n.id = id;
  n.name = "network " + id;
  n.compartments = {"c", "e"};
  n.genes = {"g1", "g2"};
  for (std::size_t i = 0; i <= reactions; ++i) {
    Metabolite m;
    m.id = "m" + std::to_string(i) + "_c";
    m.name = "metabolite " + std::to_string(i);
    m.formula = "C6H12O6";
    if (i % 3 != 0) m.charge = -1.0 * static_cast<double>(i % 3);
    m.compartment = i == 0 ? "e" : "c";
    if (i % 2 == 0) m.formationEnergyKJ = -100.0 / 3.0 * static_cast<double>(i);
    n.metabolites.push_back(m);
  }
  for (std::size_t i = 0; i < reactions; ++i) {
    Reaction r;
    r.id = "R" + std::to_string(i);
    r.name = "step " + std::to_string(i);
    r.subsystem = i % 2 == 0 ? "upper" : "";
    r.stoichiometry = {{i, -1.0}, {i + 1, 1.0 / 3.0}};
    r.lowerBound = i % 2 == 0 ? -bound : 0.0;
    r.upperBound = 1000.0;
    r.objective = i + 1 == reactions ? 1.0 : 0.0;
    r.geneRule = i % 2 == 0 ? "g1 and g2" : "";
    if (i % 2 == 1) r.energyKJ = -7.1 * static_cast<double>(i);
    n.reactions.push_back(r);
  }
  return n;
}

Spectrum sampleSpectrum(Random& random, std::size_t points) {
  Spectrum s;
  s.instrument = "PRISM";
  s.resolvingPower = 100.0;
  const double step = std::pow(12.0 / 0.6, 1.0 / static_cast<double>(points));
  double edge = 0.6;
  for (std::size_t i = 0; i < points; ++i) {
    s.lowerEdgeUm.push_back(edge);
    edge *= step;
    s.upperEdgeUm.push_back(edge);
    s.wavelengthUm.push_back(0.5 * (s.lowerEdgeUm.back() + edge));
    s.value.push_back(0.005 + 1e-4 * std::sin(static_cast<double>(i)) + 2e-5 * random.normal());
    s.sigmaLower.push_back(2e-5 * (1.0 + random.uniform()));
  }
  s.sigmaUpper = s.sigmaLower;
  return s;
}

PlanetTruth sampleTruth(Random& random, bool cold) {
  PlanetTruth truth;
  truth.star = {random.uniform(2600.0, 6900.0), 0.5, 0.5, 0.1, 5.0};
  truth.orbit = {random.uniform(300.0, 1600.0), 30.0, 0.2, 0.01, 100.0};
  truth.bulk = {1.1, 9.9, 30.0, 10.0, random.chance(0.5), 180.0};
  truth.atmosphere.scenario = RedoxScenario::kOxic;
  truth.atmosphere.surfacePressurePa = 1e5;
  truth.atmosphere.ratio(Gas::kN2) = 0.79;
  truth.atmosphere.ratio(Gas::kO2) = 0.21;
  truth.start = cold ? StartState::kCold : StartState::kWarm;
  return truth;
}

ClimateLabels sampleLabels(double base) {
  ClimateLabels labels;
  labels.fHab = base > 273.0 ? 0.9 : 0.1;
  labels.h050 = 0.8;
  labels.tMeanK = base;
  labels.tMinK = base - 22.0;
  labels.tMaxK = base + 22.0;
  labels.regime = base > 285.0 ? Regime::kIceFree : base > 265.0 ? Regime::kCaps : Regime::kSnowball;
  labels.habitable = base > 273.0;
  labels.runawayMarginWm2 = 20.0 / 3.0;
  return labels;
}

}  // namespace

Planet samplePlanet(std::uint64_t number, const SampleParts& parts) {
  Random system(77, "sample-system", number / 2);
  Random own(77, "sample-planet", number);
  Planet p;
  p.id = "s" + std::to_string(number);
  p.name = "Sample " + std::to_string(number);
  p.aliases = {"S-" + std::to_string(number) + " b"};
  p.origin = Origin::kGenerated;
  p.systemKey = "sample-system-" + std::to_string(number / 2);
  p.truth = sampleTruth(system, number % 2 == 1);
  const double base = own.uniform(250.0, 300.0);
  p.scalars[ScalarId::kStellarFlux] = Measurement{p.truth->orbit.fluxWm2, 10.0, 0};
  p.scalars[ScalarId::kStellarTemperature] = Measurement{p.truth->star.temperatureK, 50.0, 0};
  p.scalars[ScalarId::kObliquity] = Measurement{40.0, 0.0, 1};
  if (parts.climate) {
    p.climate = sampleCube(base, own.uniform(0.0, 6.0), parts);
    p.climateFlags = ClimateFlags{false, false, number % 3 == 0, false, 0.1, 60.0, false, false, 0.0, 0.0};
    p.labels = sampleLabels(base);
  }
  for (std::size_t i = 0; i < parts.spectra; ++i)
    p.spectra.push_back(sampleSpectrum(own, parts.latitudes < 16 ? 40 : 1000));
  for (std::size_t i = 0; i < parts.metabolisms; ++i) {
    const auto archetype = static_cast<Archetype>(i % kArchetypeCount);
    MetabolismCase c;
    c.metabolism = {archetype, static_cast<int>(i / kArchetypeCount), 273.0, 320.0,
                    sampleNetwork("a" + std::to_string(i), 30 + 5 * (i % 7), own.uniform(1.0, 9.0))};
    c.viability = Viability{own.chance(0.4), 0.5, 290.0, true, 0.01, -30.0, 3.7, 0.02, 210.0};
    p.metabolisms.push_back(std::move(c));
  }
  for (std::size_t i = 0; i < parts.networks; ++i) {
    p.networks.push_back(sampleNetwork("n" + std::to_string(i), 60, own.uniform(1.0, 9.0)));
  }
  for (std::size_t i = 0; i < parts.texts; ++i) {
    Text text{"t" + std::to_string(i),
              "On planet " + std::to_string(number),
              "It is said to be \xce\xb1.",
              "generated",
              "CC0-1.0",
              std::nullopt,
              {p.name}};
    if (i < parts.metabolisms) text.metabolism = i;
    p.texts.push_back(std::move(text));
  }
  p.provenance = {{"climate", "generator", "", "sample 1", number, "none", {"an assumption"}, "CC0-1.0"}};
  return p;
}

}  // namespace ecumene::test
