// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/physics/surface_climate.h"
#include "data/planet/planet.h"

namespace ecumene::data::physics::atmosphere {

/// The whole climate cube above the surface climate of the energy balance model: all ten variables, canonical order and
/// grid (dataset.md, "Climate cube"; science.md 2.7). No randomness, no threads.
/// - surface_temperature, toa fluxes, sea ice: the model's own, only rounded to float, so that energy closes as it did.
/// - surface_air_pressure: one value everywhere and always (flat surface, steady mass): dry air plus the saturation
///   vapour pressure at the area- and orbit-mean ground temperature, with which its pseudo-adiabat starts.
/// - air_temperature: ColumnTable over the cell's ts; the planet is dry (dry adiabat, no vapour, no cloud) if it has
///   neither ocean nor soil water.
/// - specific_humidity: relative humidity of Manabe & Wetherald times 1 + lift / 4, where lift in (-1, 1) is tanh of
/// the
///   overturning's ascent (winds.h) over 1e-7 s-1. It falls fast enough with height for the mixing ratio to fall too,
///   above the cold trap as below.
/// - cloud_area_fraction: layer clouds of Sundqvist from the humidity in the cell's updrafts, which lack (1 - 0.8 lift)
///   of what the cell lacks to saturation (the cell's own humidity never reaches the closure's threshold of 0.8 without
///   ascent); overlapping maximally between neighbouring layers and randomly otherwise (Geleyn & Hollingsworth 1979).
/// - winds: winds.h.
/// Throws Error if a map has a wrong size or a surface temperature outside 60 to 1000 K or not finite, or if radius,
/// gravity, rotation period or pressure is not positive.
planet::ClimateCube buildCube(const SurfaceClimate& climate, const planet::PlanetTruth& truth);

}  // namespace ecumene::data::physics::atmosphere
