// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "data/physics/surface_climate.h"
#include "data/planet/system.h"

namespace ecumene::data::physics::spectrum {

inline constexpr std::size_t kLayerCount = 200;
/// Top of the model atmosphere, Pa: above it no absorber of the table is opaque along a chord.
inline constexpr double kTopPressurePa = 1e-2;

/// A hydrostatic atmosphere on kLayerCount + 1 levels, even in ln p from the surface to kTopPressurePa. Gravity falls
/// with height as (R / r)^2; the mean molecular weight follows water vapour. Above the column's top, temperature and
/// water stay as they are there.
struct Layers {
  double radiusM = 0.0;
  std::vector<double> heightM;     ///< above the surface, ascending
  std::vector<double> pressurePa;  ///< descending
  std::vector<double> temperatureK;
  std::vector<double> numberDensityPerCm3;                         ///< all gas
  std::vector<std::array<double, planet::kGasCount>> mixingRatio;  ///< to all gas, water included
  [[nodiscard]] std::size_t levels() const { return heightM.size(); }
};

/// Throws Error for a column that is not a column (fewer than two levels, pressure not descending, a value out of
/// range) and for an atmosphere that gravity does not hold (geopotential beyond g R).
Layers buildLayers(const Column& column, const planet::Atmosphere& air, double radiusM, double gravity);

/// Vertical distribution of O3: its mixing ratio of the composition vector is the column mean, spread as a Gaussian in
/// ln p around 9 hPa with width 1.2, which is Earth's layer (Krueger & Minzner 1976, J. Geophys. Res. 81, 4477): peak
/// 8 ppm at 32 km for 0.43 ppm. Returns the local mixing ratio over the column mean.
double ozoneShape(double pressurePa, double surfacePressurePa);

/// Height below which no light of the star reaches an observer: a ray is bent by N(z) sqrt(2 pi r / H) (exponential
/// atmosphere; Betremieux & Kaltenegger 2014, ApJ 791, 7), and rays bent by more than the star's angular radius
/// sqrt(flux / sigma T*^4) miss it. 0 where even the surface ray does not bend so far (late M).
double refractionFloorM(const Layers& layers, const planet::Star& star, double fluxWm2);

/// Height of a pressure by interpolation in ln p; 0 below the surface.
double heightOfPressureM(const Layers& layers, double pressurePa);

}  // namespace ecumene::data::physics::spectrum
