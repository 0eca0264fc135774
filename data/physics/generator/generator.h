// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "data/planet/planet.h"

namespace ecumene::data::physics::generator {

/// Version of the generator's formulae, priors and tables: raised by any change that changes bytes.
inline constexpr std::string_view kGenerator = "ecumene generator 3";

inline constexpr int kVariantsPerArchetype = 2;  ///< of each archetype's networks, on each planet
inline constexpr int kVariantPool = 256;         ///< different networks of one archetype in a set
inline constexpr int kInstrumentsPerPlanet = 3;

/// Id of planet number `index` of a seed: "g42-000017w", w or c for the start state.
std::string planetId(std::uint64_t seed, std::uint64_t index);

/// Planet number `index` of a seed, whole: system, observables, climate, labels, spectra, 8 archetype metabolisms with
/// their viability, texts, provenance. The same (seed, index) gives the same planet. Throws Error (kCancelled) when
/// stopped.
planet::Planet generatePlanet(std::uint64_t seed, std::uint64_t index, const std::stop_token& stop = {});

/// Gives a planet that has a climate (from a file) what generated planets have: labels by the same code; where its
/// truth is known also simulated spectra, the archetype metabolisms with viability, and texts, each said to be
/// simulated in the provenance. Parts that are there already are kept; what could not be derived is said in an
/// assumption.
void derive(planet::Planet& planet, std::uint64_t seed);

/// The parameters of the generator as text, for the store's record: every prior and scenario.
std::string parametersText();

}  // namespace ecumene::data::physics::generator
