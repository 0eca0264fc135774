// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "data/planet/cube.h"

/// Differences on a cube's grid: thickness of its layers, horizontal gradient and divergence. All functions are pure.
namespace ecumene::data::physics::atmosphere {

/// Share of the column's mass in each layer: interfaces halfway between neighbouring levels, 0 at the top and 1 at the
/// ground; sums to 1. sigma strictly ascending in (0, 1), else Error.
std::vector<double> layerThickness(std::span<const double> sigma);

/// Horizontal gradient at cell centres in units of `field` per radian: north d/dlat, east 1/cos(lat) d/dlon. Centred
/// differences, of second order on unequal latitudes; longitude is periodic; across a pole the neighbour is the cell of
/// the same row on the opposite meridian (so the number of longitudes is even). field [lat, lon].
void gradientPerRadian(const planet::Grid& grid, std::span<const double> field, std::span<double> east,
                       std::span<double> north);

/// Divergence in units of the vector per radian of a vector field (east, north) [lat, lon], same differences.
void divergencePerRadian(const planet::Grid& grid, std::span<const double> east, std::span<const double> north,
                         std::span<double> divergence);

}  // namespace ecumene::data::physics::atmosphere
