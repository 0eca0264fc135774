// SPDX-License-Identifier: Apache-2.0
#include "data/physics/metabolism/viability.h"

#include <algorithm>
#include <limits>

#include "data/base/error.h"
#include "data/physics/constants.h"
#include "data/physics/flux/flux_balance.h"
#include "data/physics/metabolism/energetics.h"

namespace ecumene::data::physics::metabolism {
namespace {

planet::MetabolicNetwork bounded(const planet::Metabolism& metabolism, const Environment& environment,
                                 const std::vector<UptakeBound>& bounds) {
  planet::MetabolicNetwork network = metabolism.network;
  for (const UptakeBound& bound : bounds) {
    if (const auto exchange = network.reactionIndex(bound.exchange)) {
      network.reactions[*exchange].lowerBound = bound.uptake > 0.0 ? -bound.uptake : 0.0;
    }
  }
  const auto maintenance = network.reactionIndex("ATPM");
  if (!maintenance) {
    throw Error("the network has no maintenance reaction").on(network.id).expected("a reaction ATPM");
  }
  planet::Reaction& atpm = network.reactions[*maintenance];
  atpm.lowerBound = maintenanceMmolAtp(environment.windowTemperatureK);
  atpm.upperBound = std::max(planet::kUnlimitedFlux, atpm.lowerBound);
  return network;
}

// Biomass that gas transfer and light can feed: the square metre's supply over what a gram takes up, the scarcest
// deciding, grown at mu; C-mol m-2 yr-1.
double productivity(const planet::MetabolicNetwork& network, const std::vector<double>& fluxes,
                    const std::vector<UptakeBound>& bounds, double growthPerHour) {
  constexpr double kHoursPerYear = 24.0 * kJulianYearDays;
  constexpr double kLeastFlux = 1e-9;  // mmol gDW-1 h-1: the tolerance of the flux balance
  double gramsPerM2 = std::numeric_limits<double>::infinity();
  for (const UptakeBound& bound : bounds) {
    const auto exchange = network.reactionIndex(bound.exchange);
    if (!exchange || bound.supplyPerM2 <= 0.0 || fluxes[*exchange] > -kLeastFlux) continue;
    gramsPerM2 = std::min(gramsPerM2, bound.supplyPerM2 / -fluxes[*exchange]);
  }
  if (gramsPerM2 == std::numeric_limits<double>::infinity()) return 0.0;
  return gramsPerM2 * growthPerHour / kGramPerCmol * kHoursPerYear;
}

}  // namespace

planet::MetabolicNetwork inEnvironment(const planet::Metabolism& metabolism, const Environment& environment) {
  if (!environment.habitable()) {
    throw Error("no liquid water in the growth window, so no flux balance").on(metabolism.network.id);
  }
  return bounded(metabolism, environment, uptakeBounds(archetype(metabolism.archetype), environment));
}

planet::Viability assess(const planet::Metabolism& metabolism, const Environment& environment,
                         double energyThresholdKJ) {
  planet::Viability result;
  result.window = environment.window;
  if (environment.window > 0.0) {
    result.windowTemperatureK = environment.windowTemperatureK;
    result.windowLightWm2 = environment.absorbedWm2;
  }
  if (!environment.habitable()) return result;
  const ArchetypeRow& row = archetype(metabolism.archetype);
  result.maintenanceMmolAtp = maintenanceMmolAtp(environment.windowTemperatureK);
  result.catabolicEnergyKJ = catabolicEnergyKJ(row, environment);
  const std::vector<UptakeBound> bounds = uptakeBounds(row, environment);
  const planet::MetabolicNetwork network = bounded(metabolism, environment, bounds);
  const flux::Solution solution = flux::solve(network);
  result.optimal = solution.status == flux::Status::kOptimal;
  if (!result.optimal) return result;
  const double growth = solution.objective;
  result.growthPerHour = growth;
  result.viable = growth > kLeastGrowthPerHour && environment.window >= kLeastWindow && result.catabolicEnergyKJ &&
                  *result.catabolicEnergyKJ < energyThresholdKJ;
  if (growth > kLeastGrowthPerHour) {
    result.productivity = environment.window * productivity(network, solution.fluxes, bounds, growth);
  }
  return result;
}

planet::Viability assess(const planet::Metabolism& metabolism, const planet::ClimateCube& climate,
                         const planet::PlanetTruth& truth, double energyThresholdKJ) {
  return assess(metabolism, environmentOf(climate, truth, metabolism.growthMinK, metabolism.growthMaxK),
                energyThresholdKJ);
}

}  // namespace ecumene::data::physics::metabolism
