// SPDX-License-Identifier: Apache-2.0
#include "data/physics/metabolism/environment.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string_view>

#include "data/base/error.h"
#include "data/physics/constants.h"
#include "data/physics/metabolism/energetics.h"

namespace ecumene::data::physics::metabolism {
namespace {

using planet::Gas;

constexpr double kAtmBar = 1.01325;  // bar in an atmosphere
// The range of temperature in which W counts (dataset.md).
constexpr double kLiquidMinK = 273.0, kLiquidMaxK = 373.0;

struct GasRow {
  Gas gas;
  std::string_view species;    // of the vocabulary
  std::string_view formation;  // of formations()
  double henryMPerAtm;         // at 298.15 K
  double henrySlopeK;          // d ln kH / d(1/T)
};
constexpr auto kGases = std::to_array<GasRow>({{Gas::kH2, "h2", "H2(g)", 7.8e-4, 530.0},
                                               {Gas::kCO2, "co2", "CO2(g)", 3.4e-2, 2400.0},
                                               {Gas::kCH4, "ch4", "CH4(g)", 1.4e-3, 1700.0},
                                               {Gas::kO2, "o2", "O2(g)", 1.3e-3, 1500.0},
                                               {Gas::kCO, "co", "CO(g)", 9.5e-4, 1300.0},
                                               {Gas::kN2, "n2", "N2(g)", 6.1e-4, 1300.0},
                                               {Gas::kH2S, "h2s", "H2S(g)", 0.10, 2100.0},
                                               {Gas::kN2O, "n2o", "N2O(g)", 2.4e-2, 2600.0},
                                               {Gas::kO3, "", "", 1.0e-2, 2800.0}});

const GasRow& rowOf(Gas gas) {
  const auto row = std::find_if(kGases.begin(), kGases.end(), [&](const GasRow& g) { return g.gas == gas; });
  if (row == kGases.end()) throw internalError("no Henry constant of " + std::string(planet::name(gas)));
  return *row;
}

const GasRow& rowOf(std::string_view species) {
  const auto row = std::find_if(kGases.begin(), kGases.end(), [&](const GasRow& g) { return g.species == species; });
  if (row == kGases.end()) throw internalError("no gas of the atmosphere is " + std::string(species));
  return *row;
}

double dissolvedM(const Environment& environment, Gas gas) {
  return environment.pressureBar(gas) * henryMPerBar(gas, environment.windowTemperatureK);
}

double photonFluxUmol(const ArchetypeRow& row, const Environment& environment) {
  if (row.light.bandHighNm <= 0.0) return 0.0;
  const double flux = environment.absorbedWm2 *
                      photonsPerJoule(environment.starTemperatureK, row.light.bandLowNm, row.light.bandHighNm);
  const double used = flux * meanLightShare(row.light.mixedLayerM);
  return used < kDarkUmol ? 0.0 : used;
}

double tableConcentration(const ArchetypeRow& row, Supply supply) {
  switch (supply) {
    case Supply::kSulfate:
      return row.sulfateM;
    case Supply::kIron:
      return row.ironM;
    case Supply::kOrganic:
      return row.organicM;
    case Supply::kGas:
    case Supply::kLight:
      break;
  }
  throw internalError("this supply has no concentration in the table");
}

// Activities of everything a catabolism may name; products have at least kLeastProduct, an absent substrate has 0.
double activity(const ArchetypeRow& row, const Environment& environment, const Participant& participant) {
  const double least = participant.coefficient > 0.0 ? kLeastProduct : 0.0;
  for (const GasRow& g : kGases) {
    if (g.formation == participant.formation) return std::max(environment.pressureBar(g.gas), least);
  }
  constexpr double kAcetateM = 1e-4;  // of sediments and hydrothermal fluids
  constexpr double kIron3M = 1e-3;    // of acid springs
  if (participant.formation == "H+(aq)") return std::pow(10.0, -row.ph);
  if (participant.formation == "SO4--") return std::max(row.sulfateM, least);
  if (participant.formation == "Fe++") return std::max(row.ironM, least);
  if (participant.formation == "Fe+++") return kIron3M;
  if (participant.formation == "acetate") return kAcetateM;
  if (participant.formation == "glucose") return std::max(row.organicM, least);
  return 1.0;
}

Environment waterAirAndStar(const planet::PlanetTruth& truth) {
  Environment found;
  found.water = truth.surface.oceanFraction > 0.0 || truth.surface.soilMoistureM > 0.0;
  for (std::size_t g = 0; g < planet::kGasCount; ++g) {
    found.partialPressureBar[g] = truth.atmosphere.partialPressurePa(static_cast<Gas>(g)) / kBarPa;
  }
  found.starTemperatureK = truth.star.temperatureK;
  return found;
}

}  // namespace

double henryMPerBar(Gas gas, double temperatureK) {
  const GasRow& row = rowOf(gas);
  return row.henryMPerAtm / kAtmBar * std::exp(row.henrySlopeK * (1.0 / temperatureK - 1.0 / kStandardK));
}

double meanLightShare(double mixedLayerM) {
  const double depth = kLightAttenuationPerM * mixedLayerM;
  return depth > 0.0 ? -std::expm1(-depth) / depth : 1.0;
}

double photonsPerJoule(double starTemperatureK, double lowNm, double highNm) {
  // Simpson over Planck's law: photons are B_lambda lambda / (h c).
  constexpr int kSteps = 200;
  const double low = lowNm * 1e-9;
  const double step = (highNm - lowNm) * 1e-9 / kSteps;
  double sum = 0.0;
  for (int i = 0; i <= kSteps; ++i) {
    const double lambda = low + i * step;
    const double exponent = kPlanck * kLightSpeed / (lambda * kBoltzmann * starTemperatureK);
    const double photons = 2.0 * kLightSpeed / std::pow(lambda, 4) / std::expm1(exponent);
    const int weight = i == 0 || i == kSteps ? 1 : (i % 2 == 1 ? 4 : 2);
    sum += weight * photons;
  }
  const double photonRate = std::numbers::pi * sum * step / 3.0;  // m-2 s-1
  return 1e6 * photonRate / kAvogadro / (kStefanBoltzmann * std::pow(starTemperatureK, 4));
}

Environment environmentOf(const planet::ClimateCube& climate, const planet::PlanetTruth& truth, double growthMinK,
                          double growthMaxK) {
  const planet::Field& temperature = climate.require(planet::VariableId::kSurfaceTemperature);
  const planet::Field& shortwave = climate.require(planet::VariableId::kToaNetShortwave);
  const double low = std::max(growthMinK, kLiquidMinK);
  const double high = std::min(growthMaxK, kLiquidMaxK);
  const std::size_t latitudes = climate.grid.latitudeDeg.size();
  const std::size_t longitudes = climate.grid.longitudeDeg.size();
  const std::size_t times = planet::kMonths * climate.grid.epochs();
  double inside = 0.0, warmth = 0.0, light = 0.0, total = 0.0;
  std::size_t i = 0;
  for (std::size_t t = 0; t < times; ++t) {
    for (std::size_t lat = 0; lat < latitudes; ++lat) {
      const double weight = climate.grid.cellWeight(lat);
      for (std::size_t lon = 0; lon < longitudes; ++lon, ++i) {
        const double ts = static_cast<double>(temperature.values[i]);
        total += weight;
        if (ts < low || ts > high) continue;
        inside += weight;
        warmth += weight * ts;
        light += weight * static_cast<double>(shortwave.values[i]);
      }
    }
  }
  Environment found = waterAirAndStar(truth);
  found.window = inside / total;
  if (inside > 0.0) {
    found.windowTemperatureK = warmth / inside;
    found.absorbedWm2 = light / inside;
  }
  return found;
}

Environment environmentOf(const planet::Viability& verdict, const planet::PlanetTruth& truth) {
  Environment found = waterAirAndStar(truth);
  found.window = verdict.window;
  found.windowTemperatureK = verdict.windowTemperatureK.value_or(0.0);
  found.absorbedWm2 = verdict.windowLightWm2.value_or(0.0);
  return found;
}

Environment favourableEnvironment(planet::Archetype archetype, double temperatureK) {
  constexpr double kPlenty = 100.0;       // times Km: 99 % of vmax
  constexpr double kDaylightWm2 = 300.0;  // mean absorbed at a sunlit place
  const ArchetypeRow& row = metabolism::archetype(archetype);
  Environment made;
  made.window = 1.0;
  made.windowTemperatureK = temperatureK;
  made.water = true;
  made.absorbedWm2 = kDaylightWm2 / meanLightShare(row.light.mixedLayerM);  // as if it floated at the surface
  made.starTemperatureK = kSunTemperature;
  for (const Uptake& uptake : row.uptakes) {
    if (uptake.supply != Supply::kGas) continue;
    const Gas gas = rowOf(uptake.species).gas;
    made.pressureBar(gas) = kPlenty * uptake.km / henryMPerBar(gas, temperatureK);
  }
  return made;
}

std::vector<UptakeBound> uptakeBounds(const ArchetypeRow& row, const Environment& environment) {
  std::vector<UptakeBound> bounds;
  const bool wet = environment.habitable();
  const double factor = wet ? rateFactor(environment.windowTemperatureK) : 0.0;
  const double oxygen = wet ? dissolvedM(environment, Gas::kO2) : 0.0;
  const double inhibition =
      row.oxygenInhibitionM > 0.0 ? row.oxygenInhibitionM / (row.oxygenInhibitionM + oxygen) : 1.0;
  for (const Uptake& uptake : row.uptakes) {
    UptakeBound bound;
    bound.exchange = "EX_" + std::string(uptake.species) + "_e";
    if (wet) {
      double concentration = 0.0;
      if (uptake.supply == Supply::kGas) {
        constexpr double kMmolPerM3 = 1e6;  // of 1 M
        concentration = dissolvedM(environment, rowOf(uptake.species).gas);
        bound.supplyPerM2 = kTransferMPerHour * concentration * kMmolPerM3;
      } else if (uptake.supply == Supply::kLight) {
        constexpr double kHourMmol = 3.6;  // of 1 umol/s
        concentration = photonFluxUmol(row, environment);
        bound.supplyPerM2 = concentration * kHourMmol;
      } else {
        concentration = tableConcentration(row, uptake.supply);
      }
      bound.uptake = factor * uptake.vmax * concentration / (uptake.km + concentration);
      if (uptake.inhibitedByOxygen) bound.uptake *= inhibition;
    }
    bounds.push_back(std::move(bound));
  }
  for (const std::string_view species : {"nh4", "pi", "so4", "h2s", "no3", "na", "h2o", "h"}) {
    const std::string exchange = "EX_" + std::string(species) + "_e";
    const bool known = std::any_of(bounds.begin(), bounds.end(), [&](const auto& b) { return b.exchange == exchange; });
    if (known) continue;
    const bool free = species == "na" || species == "h2o" || species == "h";
    bounds.push_back({exchange, wet ? (free ? planet::kUnlimitedFlux : kNutrientUptake) : 0.0, 0.0});
  }
  return bounds;
}

std::optional<double> catabolicEnergyKJ(const ArchetypeRow& row, const Environment& environment) {
  std::optional<double> best;
  for (const Catabolism& catabolism : row.catabolisms) {
    std::vector<Activity> activities;
    for (const Participant& p : catabolism.participants) {
      activities.push_back({p.formation, activity(row, environment, p)});
    }
    if (std::any_of(activities.begin(), activities.end(), [](const Activity& a) { return a.value <= 0.0; })) continue;
    const double energy = gibbsInSitu(catabolism.participants, environment.windowTemperatureK, activities);
    best = std::min(best.value_or(energy), energy);
  }
  if (best && photonFluxUmol(row, environment) > 0.0) {
    const double photonKJ = 1e-3 * kPlanck * kLightSpeed * kAvogadro / (row.light.centreNm * 1e-9);
    *best -= row.light.photonsPerCarbon * photonKJ;
  }
  return best;
}

}  // namespace ecumene::data::physics::metabolism
