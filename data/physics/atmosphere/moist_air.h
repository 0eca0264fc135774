// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/physics/atmosphere/thermodynamics.h"
#include "data/physics/atmosphere/winds.h"
#include "data/physics/surface_climate.h"
#include "data/planet/system.h"

/// Temperature, vapour and clouds of a planet's air, and the surface pressure that they and the dry air make together.
namespace ecumene::data::physics::atmosphere {

/// All columns of a planet, canonical grid; [12, lat, lon, lev] from the top down, without lev where said.
struct MoistAir {
  double surfacePressurePa = 0.0;  ///< one value: flat ground, steady mass
  std::vector<double> temperatureK;
  std::vector<double> vapour;            ///< mole fraction; empty on a dry planet
  std::vector<double> cloudFraction;     ///< [12, lat, lon]; 0 on a dry planet
  std::vector<Overturning> overturning;  ///< [12]
};

/// The air over a surface climate. `body`'s pressure is not asked. The surface pressure closes the mass of the dry air:
///   ps = p_dry + mean over area and months of the integral of q dp  (each sum dsigma q ps, dsigma as layerThickness),
/// p_dry the truth's pressure; vapour hangs on ps in turn, so this is solved, to kMassTolerance of p_dry. A planet is
/// dry (dry adiabat, no vapour, no cloud) if it has neither ocean nor soil water.
inline constexpr double kMassTolerance = 2e-4;
MoistAir moistAir(const SurfaceClimate& climate, const planet::PlanetTruth& truth, WindPlanet body);

}  // namespace ecumene::data::physics::atmosphere
