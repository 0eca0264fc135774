// SPDX-License-Identifier: Apache-2.0
#include "data/base/units.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <numbers>
#include <string>

#include "data/base/error.h"

namespace ecumene {
namespace {

struct Row {
  std::string_view name;
  Unit unit;
};

// Astronomical units: IAU 2012 B2 (au), IAU 2015 B3 nominal radii and masses from nominal GM with CODATA 2018 G.
constexpr double kAu = 149597870700.0;
constexpr double kRadiusEarth = 6.3781e6;
constexpr double kRadiusJupiter = 7.1492e7;
constexpr double kRadiusSun = 6.957e8;
constexpr double kMassEarth = 3.986004e14 / 6.67430e-11;
constexpr double kMassJupiter = 1.2668653e17 / 6.67430e-11;
constexpr double kMassSun = 1.3271244e20 / 6.67430e-11;
constexpr double kDegree = std::numbers::pi / 180.0;

constexpr auto kUnits = std::to_array<Row>({
    {"1", {Dimension::kNumber, 1.0, 0.0}},
    {"", {Dimension::kNumber, 1.0, 0.0}},
    {"fraction", {Dimension::kNumber, 1.0, 0.0}},
    {"dimensionless", {Dimension::kNumber, 1.0, 0.0}},
    {"nondimensional", {Dimension::kNumber, 1.0, 0.0}},
    {"(0 - 1)", {Dimension::kNumber, 1.0, 0.0}},
    {"kg kg-1", {Dimension::kNumber, 1.0, 0.0}},
    {"kg kg**-1", {Dimension::kNumber, 1.0, 0.0}},
    {"kg/kg", {Dimension::kNumber, 1.0, 0.0}},
    {"g kg-1", {Dimension::kNumber, 1e-3, 0.0}},
    {"g/kg", {Dimension::kNumber, 1e-3, 0.0}},
    {"%", {Dimension::kNumber, 1e-2, 0.0}},
    {"percent", {Dimension::kNumber, 1e-2, 0.0}},
    {"ppm", {Dimension::kNumber, 1e-6, 0.0}},
    {"ppb", {Dimension::kNumber, 1e-9, 0.0}},
    {"m", {Dimension::kLength, 1.0, 0.0}},
    {"um", {Dimension::kLength, 1e-6, 0.0}},
    {"micron", {Dimension::kLength, 1e-6, 0.0}},
    {"microns", {Dimension::kLength, 1e-6, 0.0}},
    {"micrometer", {Dimension::kLength, 1e-6, 0.0}},
    {"micrometre", {Dimension::kLength, 1e-6, 0.0}},
    {"micrometers", {Dimension::kLength, 1e-6, 0.0}},
    {"micrometres", {Dimension::kLength, 1e-6, 0.0}},
    {"meters", {Dimension::kLength, 1.0, 0.0}},
    {"metres", {Dimension::kLength, 1.0, 0.0}},
    {"nm", {Dimension::kLength, 1e-9, 0.0}},
    {"nanometers", {Dimension::kLength, 1e-9, 0.0}},
    {"Angstrom", {Dimension::kLength, 1e-10, 0.0}},
    {"angstrom", {Dimension::kLength, 1e-10, 0.0}},
    {"AA", {Dimension::kLength, 1e-10, 0.0}},
    {"A", {Dimension::kLength, 1e-10, 0.0}},
    {"mm", {Dimension::kLength, 1e-3, 0.0}},
    {"cm", {Dimension::kLength, 1e-2, 0.0}},
    {"km", {Dimension::kLength, 1e3, 0.0}},
    {"R_earth", {Dimension::kLength, kRadiusEarth, 0.0}},
    {"earthRad", {Dimension::kLength, kRadiusEarth, 0.0}},
    {"R_jup", {Dimension::kLength, kRadiusJupiter, 0.0}},
    {"jupiterRad", {Dimension::kLength, kRadiusJupiter, 0.0}},
    {"R_sun", {Dimension::kLength, kRadiusSun, 0.0}},
    {"solRad", {Dimension::kLength, kRadiusSun, 0.0}},
    {"au", {Dimension::kLength, kAu, 0.0}},
    {"pc", {Dimension::kLength, kAu * 648000.0 / std::numbers::pi, 0.0}},
    {"m-1", {Dimension::kWavenumber, 1.0, 0.0}},
    {"cm-1", {Dimension::kWavenumber, 100.0, 0.0}},
    {"1/cm", {Dimension::kWavenumber, 100.0, 0.0}},
    {"cm^-1", {Dimension::kWavenumber, 100.0, 0.0}},
    {"1/m", {Dimension::kWavenumber, 1.0, 0.0}},
    {"Hz", {Dimension::kFrequency, 1.0, 0.0}},
    {"GHz", {Dimension::kFrequency, 1e9, 0.0}},
    {"THz", {Dimension::kFrequency, 1e12, 0.0}},
    {"kg", {Dimension::kMass, 1.0, 0.0}},
    {"g", {Dimension::kMass, 1e-3, 0.0}},
    {"M_earth", {Dimension::kMass, kMassEarth, 0.0}},
    {"earthMass", {Dimension::kMass, kMassEarth, 0.0}},
    {"M_jup", {Dimension::kMass, kMassJupiter, 0.0}},
    {"jupiterMass", {Dimension::kMass, kMassJupiter, 0.0}},
    {"M_sun", {Dimension::kMass, kMassSun, 0.0}},
    {"solMass", {Dimension::kMass, kMassSun, 0.0}},
    {"s", {Dimension::kTime, 1.0, 0.0}},
    {"min", {Dimension::kTime, 60.0, 0.0}},
    {"h", {Dimension::kTime, 3600.0, 0.0}},
    {"hr", {Dimension::kTime, 3600.0, 0.0}},
    {"d", {Dimension::kTime, 86400.0, 0.0}},
    {"day", {Dimension::kTime, 86400.0, 0.0}},
    {"days", {Dimension::kTime, 86400.0, 0.0}},
    {"yr", {Dimension::kTime, 31557600.0, 0.0}},
    {"K", {Dimension::kTemperature, 1.0, 0.0}},
    {"degC", {Dimension::kTemperature, 1.0, 273.15}},
    {"C", {Dimension::kTemperature, 1.0, 273.15}},
    {"Celsius", {Dimension::kTemperature, 1.0, 273.15}},
    {"degrees_C", {Dimension::kTemperature, 1.0, 273.15}},
    {"Pa", {Dimension::kPressure, 1.0, 0.0}},
    {"hPa", {Dimension::kPressure, 100.0, 0.0}},
    {"kPa", {Dimension::kPressure, 1000.0, 0.0}},
    {"mbar", {Dimension::kPressure, 100.0, 0.0}},
    {"mb", {Dimension::kPressure, 100.0, 0.0}},
    {"millibar", {Dimension::kPressure, 100.0, 0.0}},
    {"millibars", {Dimension::kPressure, 100.0, 0.0}},
    {"bar", {Dimension::kPressure, 1e5, 0.0}},
    {"atm", {Dimension::kPressure, 101325.0, 0.0}},
    {"W m-2", {Dimension::kFlux, 1.0, 0.0}},
    {"W/m2", {Dimension::kFlux, 1.0, 0.0}},
    {"W/m^2", {Dimension::kFlux, 1.0, 0.0}},
    {"W m**-2", {Dimension::kFlux, 1.0, 0.0}},
    {"Wm-2", {Dimension::kFlux, 1.0, 0.0}},
    {"S_earth", {Dimension::kFlux, 1361.0, 0.0}},
    {"m s-1", {Dimension::kSpeed, 1.0, 0.0}},
    {"m/s", {Dimension::kSpeed, 1.0, 0.0}},
    {"m s**-1", {Dimension::kSpeed, 1.0, 0.0}},
    {"km/s", {Dimension::kSpeed, 1e3, 0.0}},
    {"m s-2", {Dimension::kAcceleration, 1.0, 0.0}},
    {"m/s2", {Dimension::kAcceleration, 1.0, 0.0}},
    {"cm/s2", {Dimension::kAcceleration, 1e-2, 0.0}},
    {"m2 s-2", {Dimension::kGeopotential, 1.0, 0.0}},
    {"m2/s2", {Dimension::kGeopotential, 1.0, 0.0}},
    {"m**2 s**-2", {Dimension::kGeopotential, 1.0, 0.0}},
    {"rad", {Dimension::kAngle, 1.0, 0.0}},
    {"deg", {Dimension::kAngle, kDegree, 0.0}},
    {"degrees", {Dimension::kAngle, kDegree, 0.0}},
    {"degrees_north", {Dimension::kAngle, kDegree, 0.0}},
    {"degrees_east", {Dimension::kAngle, kDegree, 0.0}},
});

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

Unit require(std::string_view name) {
  const std::optional<Unit> unit = findUnit(name);
  if (!unit) throw Error("unknown unit").found("'" + std::string(name) + "'");
  return *unit;
}

}  // namespace

std::optional<Unit> findUnit(std::string_view name) {
  const std::string_view wanted = trimmed(name);
  const auto row = std::find_if(kUnits.begin(), kUnits.end(), [&](const Row& r) { return r.name == wanted; });
  if (row != kUnits.end()) return row->unit;
  if (wanted == "\u00b5m" || wanted == "\u03bcm") return findUnit("um");
  return std::nullopt;
}

double convert(double value, std::string_view from, std::string_view to) {
  const Unit source = require(from);
  const Unit target = require(to);
  if (source.dimension != target.dimension) {
    throw Error("units of different dimension").found("'" + std::string(from) + "' and '" + std::string(to) + "'");
  }
  // The same unit by two names: to the bit, which a division may not be.
  if (source.toSi == target.toSi && source.offset == target.offset) return value;
  return (value * source.toSi + source.offset - target.offset) / target.toSi;
}

}  // namespace ecumene
