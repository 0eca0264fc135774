// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "data/planet/planet.h"

namespace ecumene::data::physics::generator {

/// Labels of the planet's climate. `largestOlrWm2`: of the energy balance model; absent for climates of other models.
void deriveLabels(planet::Planet& planet, const planet::PlanetTruth& truth, bool runaway,
                  std::optional<double> largestOlrWm2);

/// Spectra and metabolisms with viability, from climate and truth. `index` separates the draws of different planets of
/// one seed. Needs star radius and temperature, planet radius and gravity in the truth.
void deriveObservables(planet::Planet& planet, const planet::PlanetTruth& truth, std::uint64_t seed,
                       std::uint64_t index);

}  // namespace ecumene::data::physics::generator
