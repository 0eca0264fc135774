// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "data/physics/spectrum/opacities.h"
#include "data/physics/surface_climate.h"
#include "data/planet/spectrum.h"
#include "data/planet/system.h"

namespace ecumene::data::physics::spectrum {

/// A transit without noise, on the grid of the opacity table.
struct Transit {
  std::vector<double> heightM;    ///< effective height R_eff - R above the surface, [points]
  std::vector<double> depth;      ///< (R_eff / R_s)^2, [points]
  double refractionFloorM = 0.0;  ///< opaque below, everywhere
  double cloudTopM = 0.0;         ///< opaque below over `cloudFraction` of the limb
  double cloudFraction = 0.0;
};

/// What an observer without the refraction of starlight would see is asked for by kNone (validation against solar
/// occultations, which follow the bent ray).
enum class Refraction { kFloor, kNone };

/// Chord integration through the column (layers.h, chord.h): surface pressure is the column's lowest, dry gases well
/// mixed (O3 as a layer), water as in the column. A cloud deck is grey and sharp. Throws Error as buildLayers does, and
/// for a star without radius or temperature.
Transit computeTransit(const Column& column, const planet::PlanetTruth& truth, const OpacityTable& opacities,
                       Refraction refraction = Refraction::kFloor);

/// The noise-free spectrum on the model's 1000-point grid (planet::modelEdgesUm), without uncertainty.
planet::Spectrum simulate(const Column& column, const planet::PlanetTruth& truth);

/// Effective heights in m that each gas alone would give above the same floors, [gas][kModelPoints]: which gas makes
/// which feature. Rayleigh scattering is counted to no gas.
std::array<std::vector<double>, planet::kGasCount> contributions(const Column& column,
                                                                 const planet::PlanetTruth& truth);

}  // namespace ecumene::data::physics::spectrum
