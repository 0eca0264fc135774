// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "data/base/random.h"
#include "data/planet/system.h"

namespace ecumene::data::physics::generator {

/// Range of one dry volume mixing ratio in one scenario, drawn log-uniformly; high = 0: the gas is absent.
struct GasRange {
  planet::Gas gas;
  double low, high;
};

/// One redox scenario: share of planets, surface pressure (bar, log-uniform) and its gases; N2 is the rest.
struct ScenarioPrior {
  planet::RedoxScenario scenario;
  double share;
  double pressureLowBar, pressureHighBar;
  std::span<const GasRange> gases;
};

/// The one table of compositions (dataset.md, "Atmosphere, spectrum").
std::span<const ScenarioPrior> scenarioPriors();

planet::Atmosphere drawAtmosphere(Random& random);

}  // namespace ecumene::data::physics::generator
