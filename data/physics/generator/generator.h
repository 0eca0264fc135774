// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "data/planet/planet.h"

namespace ecumene::data::physics::generator {

/// Version of the generator's formulae, priors and tables: raised by any change that changes bytes.
inline constexpr std::string_view kGenerator = "ecumene generator 3";

inline constexpr int kInstrumentsPerPlanet = 3;
inline constexpr std::uint64_t kTextsPerCase = 3;  ///< about each network of a planet

/// Id of planet number `index` of a seed: "g42-000017w", w or c for the start state.
std::string planetId(std::uint64_t seed, std::uint64_t index);

/// Most moments of a planet's past that a cube may hold.
inline constexpr std::size_t kMostEpochs = 64;

/// Planet number `index` of a seed, whole: system, observables, climate, labels, spectra, 8 archetype metabolisms with
/// their viability, texts, provenance. The same (seed, index) gives the same planet. With `epochs` above 1 the
/// cube has a geological-time axis: equilibria of the system at that many moments of its star's life (history.h), the
/// last one the present; everything else of the planet, labels among them, is of the present and as without that axis.
/// Throws Error (kCancelled) when stopped.
planet::Planet generatePlanet(std::uint64_t seed, std::uint64_t index, const std::stop_token& stop = {},
                              std::size_t epochs = 1);

/// Gives a planet that has a climate (from a file) and a truth what can be derived of both: labels by the same code as
/// generated planets; archetype metabolisms, with viability where air and star are known; simulated spectra where
/// planet and star have a size, or the star's temperature tells it. No texts: they would be invented. Parts that are
/// there already are kept; the provenance says what was made, what was assumed and what could not be derived, and why.
void derive(planet::Planet& planet, std::uint64_t seed);

/// The parameters of the generator as text, for the store's record: every prior and scenario, and the number of epochs
/// above 1.
std::string parametersText(std::size_t epochs = 1);

}  // namespace ecumene::data::physics::generator
