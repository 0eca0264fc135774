// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/physics/surface_climate.h"
#include "data/planet/planet.h"

namespace ecumene::data::physics::atmosphere {

/// The whole climate cube above the surface climate of the energy balance model: all ten variables, canonical order and
/// grid (dataset.md, "Climate cube"; science.md 2.7). No randomness, no threads.
/// - surface_temperature, toa fluxes, sea ice: the model's own, only rounded to float, so that energy closes as it did.
/// - surface_air_pressure: one value everywhere and always (flat surface, steady mass): the weight of the truth's dry
///   air and of the vapour over it (moist_air.h).
/// - air_temperature: ColumnTable over the cell's ts and wet bulb under the stratosphere of the planet's OLR; a planet
///   is dry (dry adiabat, no vapour, no cloud) if it has neither ocean nor soil water.
/// - specific_humidity: relative humidity of Manabe & Wetherald, nearer to saturation the more of the air is vapour
///   (restingHumidity), raised or lowered by the overturning's ascent (winds.h) over the subsidence of clear air
///   (movingHumidity), of the most vapour that the level can have: saturation, or what the ground gives. No level holds
///   more than the one below.
/// - cloud_area_fraction: clouds of that humidity (monthlyCloud) thick enough to count (visibleCloud) at each level,
///   overlapping (totalCloud). Fluxes do not depend on it.
/// - winds: winds.h.
/// Throws Error if a map has a wrong size or a surface temperature outside 60 to 1000 K or not finite, or if radius,
/// gravity, rotation period or pressure is not positive.
planet::ClimateCube buildCube(const SurfaceClimate& climate, const planet::PlanetTruth& truth);

}  // namespace ecumene::data::physics::atmosphere
