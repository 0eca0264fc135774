// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "data/planet/system.h"

/// Which members of a truth are known. A generated planet has all. An imported one has what its file states; of the
/// rest those are 0 that cannot be 0 (temperature, sizes, masses, periods, flux, gravity, pressure), and those are NaN
/// that can (eccentricity, obliquity, ocean fraction, soil moisture). Start state, closure, seed of the land and the
/// numbers that only our energy balance model has are known of generated planets alone.
namespace ecumene::data::planet {

/// The truth of a planet of which nothing is stated.
PlanetTruth unstatedTruth();

/// Sets whether the planet is synchronous; its substellar longitude becomes 180 E.
void stateSynchronous(Bulk& bulk, bool synchronous);
/// None where that is not stated: such a planet's substellar longitude is NaN.
std::optional<bool> synchronous(const Bulk& bulk);

/// Whether there is water in seas or soil; none where neither is known to be there and one of them is not stated.
std::optional<bool> hasWater(const Surface& surface);

/// None where its temperature is not stated.
std::optional<StarType> starType(const Star& star);

}  // namespace ecumene::data::planet
