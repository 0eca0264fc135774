// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/physics/climate/sphere_grid.h"
#include "data/planet/system.h"

namespace ecumene::data::physics::climate {

/// Ocean share of every cell, 0 to 1, whose area mean is `surface.oceanFraction` to 1e-12.
///
/// Seeded noise in spherical harmonics of degree 1 to 8 with variance per coefficient l^-3 (the power spectrum of
/// Earth's topography goes as l^-2 per degree: Balmino 1993, GRL 20, 1063), flooded to the level that gives the
/// ocean's area; cells within a tenth of the noise's deviation of the shore are fractional. `surface.uniform` gives
/// every cell the same share. Keyed by (landSeed, "land-mask"): the grid does not change the continents.
std::vector<double> oceanFraction(const SphereGrid& grid, const planet::Surface& surface);

}  // namespace ecumene::data::physics::climate
