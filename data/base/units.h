// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace ecumene {

/// What a unit measures. Two units convert into each other only within one dimension.
enum class Dimension {
  kNumber,        ///< SI 1 (fraction): "1", "fraction", "%", "ppm", "ppt", "ppb", "dex" excluded
  kLength,        ///< m: "um", "micron", "nm", "Angstrom", "mm", "cm", "km", "R_earth", "R_jup", "R_sun", "au", "pc"
  kWavenumber,    ///< m-1: "cm-1", "1/cm", "m-1"
  kMass,          ///< kg: "kg", "g", "M_earth", "M_jup", "M_sun"
  kTime,          ///< s: "s", "min", "h", "d", "yr"
  kTemperature,   ///< K: "K" ("degC" has an offset)
  kPressure,      ///< Pa: "Pa", "hPa", "mbar", "bar", "atm", "kPa"
  kFlux,          ///< W m-2: "W m-2", "W/m2", "S_earth" (1361 W m-2)
  kSpeed,         ///< m s-1: "m s-1", "m/s", "km/s"
  kAcceleration,  ///< m s-2
  kAngle,         ///< rad: "rad", "deg"
  kGeopotential,  ///< m2 s-2
  kFrequency,     ///< Hz: "Hz", "GHz", "THz"
};

struct Unit {
  Dimension dimension;
  double toSi;  ///< SI value = number * toSi + offset
  double offset;
};

/// The unit of this name in the spellings of CF, ECSV/astropy, NASA's archive and papers; none if unknown.
std::optional<Unit> findUnit(std::string_view name);

/// `value` given in `from`, in `to`. Throws Error if a unit is unknown or the dimensions differ.
double convert(double value, std::string_view from, std::string_view to);

}  // namespace ecumene
