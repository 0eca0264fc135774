// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "data/physics/atmosphere/thermodynamics.h"
#include "data/physics/surface_climate.h"
#include "data/planet/cube.h"

/// Columns of air above a surface temperature: pseudo-adiabat (dry adiabat where the planet has no water) up to an
/// isothermal stratosphere (science.md 2.7).
namespace ecumene::data::physics::atmosphere {

/// The stratosphere of Kasting 1988 and Kopparapu et al. 2013 for Earth.
inline constexpr double kStratosphereK = 200.0;
inline constexpr double kStratosphereOlrWm2 = 240.0;  ///< Earth's, with which it goes
/// Stratosphere (K) under this area-mean outgoing longwave: the 200 K of Earth, following the skin temperature of a
/// thin layer, OLR^(1/4). (The skin temperature itself, 214 K for Earth, is that of grey air: its cold trap would let
/// through ten times the vapour that Earth's does.)
double stratosphereK(double outgoingLongwaveWm2);
/// That of a cube; kStratosphereK if it has no toa_outgoing_longwave.
double stratosphereK(const planet::ClimateCube& cube, std::size_t epoch = 0);

enum class Moisture { kDry, kSaturated };

/// Temperature at `toPa` of the adiabat through (temperatureK, fromPa), toPa <= fromPa; no stratosphere.
/// Fourth-order Runge-Kutta in ln p, within 0.02 K; the dry adiabat in closed form.
double alongAdiabat(const AirProperties& air, Moisture moisture, double temperatureK, double fromPa, double toPa);

/// Pressure in Pa at which the adiabat through (temperatureK, fromPa) has cooled to `targetK`, never below `lowestPa`;
/// fromPa if it is no warmer than the target.
double adiabatPressureAt(const AirProperties& air, Moisture moisture, double temperatureK, double fromPa,
                         double targetK, double lowestPa);

/// Mole fraction of vapour to all gas at saturation, at most kMostVapour.
double saturationMixingRatio(double temperatureK, double pressurePa);

/// Temperature and saturation of the columns of one planet, tabulated over the surface temperature so that a cube of
/// 12 x 32 x 64 columns takes milliseconds. The adiabat is tabulated every 0.25 K and interpolated linearly, the
/// stratosphere laid over it afterwards, so that the tropopause stays sharp: within 0.03 K and 0.3 % of the column
/// itself.
class ColumnTable {
 public:
  /// sigma: p / p_s of the levels, from the top down, in (0, 1). Covers wet-bulb temperatures from minK to maxK.
  ColumnTable(const AirProperties& air, Moisture moisture, double surfacePressurePa, std::span<const double> sigma,
              double minK, double maxK, double stratosphereK = kStratosphereK);

  /// Writes T (K) and ln of the saturation mixing ratio (mole fraction) at each level, order of sigma: the dry adiabat
  /// from the surface up to where the adiabat of the air's wet bulb (moisture.h) is warmer, that one above, and the
  /// stratosphere; where the ground is colder than the stratosphere, the column is isothermal. wetBulbK within [minK,
  /// maxK], else Error; it is the surface temperature where the air is saturated, and of Moisture::kDry columns.
  void lookup(double surfaceTemperatureK, double wetBulbK, std::span<double> temperatureK,
              std::span<double> logSaturation) const;

 private:
  std::size_t levels_;
  double firstK_;
  double stratosphereK_;
  std::size_t nodes_;
  std::vector<double> logPressure_;    ///< [level]
  std::vector<double> dryCooling_;     ///< [level], T over that of the ground along the dry adiabat
  std::vector<double> temperatureK_;   ///< [node, level], of the adiabat alone
  std::vector<double> logSaturation_;  ///< [node, level]
};

/// Area- and time-mean column of a cube, from the ground up: the ground (ts, ps), then the levels.
struct MeanProfile {
  std::vector<double> pressurePa;      ///< descending; [0] is the ground
  std::vector<double> temperatureK;    ///< [0] is ts
  std::vector<double> h2oMixingRatio;  ///< mole fraction; the ground repeats the lowest level
};
/// Needs air_temperature, specific_humidity, surface_temperature and surface_air_pressure on levels of any number;
/// Error naming the missing one. `epoch` counts along the geological-time axis.
MeanProfile meanProfile(const planet::ClimateCube& cube, const AirProperties& air, std::size_t epoch = 0);

/// Smallest saturation mixing ratio of water that air meets on its way up the profile (mole fraction): what passes the
/// cold trap. Between two levels the air follows the pseudo-adiabat from the lower one until it has the temperature of
/// the upper one; if the trap is not below the topmost level and that is warmer than the stratosphere, the
/// pseudo-adiabat goes on to there, because the trap of a hot planet lies above any climate model's top.
double coldTrapMixingRatio(const AirProperties& air, const MeanProfile& profile, double stratosphereK = kStratosphereK);

/// The area-mean column for spectra: the mean profile, continued above its top as for the cold trap to 0.1 Pa, vapour
/// held at what passed below. Cloud deck: cover is the mean cloud_area_fraction (0 without that variable); cubes carry
/// no clouds on levels, so its top is the last level, upwards from the one of largest area-mean relative humidity, with
/// at least half of that humidity (about sigma 0.5 of Earth). Only levels whose mean temperature is 233.15 K or more
/// and which reach down to the ground are asked: above, clouds are thin ice that hides little; if none is so warm, the
/// deck lies on the lowest level. A cloud-free planet has no deck. Cubes without a geological-time axis.
Column areaMeanColumn(const planet::ClimateCube& cube, const planet::Atmosphere& atmosphere);

}  // namespace ecumene::data::physics::atmosphere
