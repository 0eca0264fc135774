// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "data/physics/climate/climate.h"
#include "data/physics/climate/land_mask.h"
#include "data/physics/climate/planet_balance.h"
#include "data/planet/cube.h"

namespace ecumene::data::physics::climate::test {

/// The plain way: two dimensions and the last orbits' steps from the start state, no leaps, until the energy of the
/// whole planet is balanced to 0.005 W m-2 after at least twelve time constants.
inline MonthlyMeans plainRun(const planet::PlanetTruth& truth, double* imbalance) {
  const SphereGrid map = gaussianGrid(planet::kCanonicalLatitudes, planet::kCanonicalLongitudes);
  PlanetBalance balance(truth, map, sunMotion(truth), oceanFraction(map, truth.surface),
                        fineSteps(truth.orbit.periodDays));
  HeatBalance& heat = balance.heat();
  heat.setTemperature(
      std::vector<double>(map.cells(), truth.start == planet::StartState::kWarm ? kWarmStartK : kColdStartK));
  const double least = 12.0 * heat.timeConstant();
  MonthlyMeans months;
  double seconds = 0.0;
  do {
    *imbalance = heat.runOrbits(&months).imbalance();
    seconds += heat.runSeconds();
  } while (seconds < least || (std::abs(*imbalance) > 0.005 && seconds < 10.0 * least));
  return months;
}

/// Area-weighted root mean square over cells and months.
inline double rmsDifference(const std::vector<double>& a, const std::vector<double>& b) {
  const planet::Grid& grid = planet::canonicalGrid();
  const std::size_t cells = grid.cells();
  double square = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    square += (a[k] - b[k]) * (a[k] - b[k]) * grid.cellWeight(k % cells / planet::kCanonicalLongitudes);
  }
  return std::sqrt(square / static_cast<double>(planet::kMonths));
}

}  // namespace ecumene::data::physics::climate::test
