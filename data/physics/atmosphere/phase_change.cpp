// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/phase_change.h"

#include <cmath>
#include <limits>

#include "data/physics/atmosphere/thermodynamics.h"

namespace ecumene::data::physics::atmosphere {
namespace {

using planet::VariableId;

/// Area- and time-mean of value(column, cell).
template <class Value>
double columnMean(const planet::ClimateCube& cube, Value&& value) {
  const std::size_t cells = cube.grid.cells();
  const std::size_t longitudes = cube.grid.longitudeDeg.size();
  double mean = 0.0;
  for (std::size_t column = 0; column < planet::kMonths * cells; ++column) {
    const std::size_t cell = column % cells;
    mean += cube.grid.cellWeight(cell / longitudes) / static_cast<double>(planet::kMonths) * value(column, cell);
  }
  return mean;
}

}  // namespace

double boilingShare(const planet::ClimateCube& cube) {
  const auto& ts = cube.require(VariableId::kSurfaceTemperature).values;
  const auto& ps = cube.require(VariableId::kSurfaceAirPressure).values;
  if (cube.landFraction.empty()) return 0.0;
  return columnMean(cube, [&](std::size_t column, std::size_t cell) {
    const double saturation = saturationPressurePa(static_cast<double>(ts[column]));
    return saturation > static_cast<double>(ps[column]) ? 1.0 - static_cast<double>(cube.landFraction[cell]) : 0.0;
  });
}

double co2SaturationPa(double temperatureK) {
  constexpr double kTripleK = 216.592;
  constexpr double kTriplePa = 0.51795e6;
  constexpr double kCriticalK = 304.1282;
  constexpr double kCriticalPa = 7.3773e6;
  if (temperatureK >= kCriticalK) return std::numeric_limits<double>::infinity();
  if (temperatureK < kTripleK) {
    const double x = 1.0 - temperatureK / kTripleK;
    const double sum = -14.740846 * x + 2.4327015 * std::pow(x, 1.9) - 5.3061778 * std::pow(x, 2.9);
    return kTriplePa * std::exp(kTripleK / temperatureK * sum);
  }
  const double x = 1.0 - temperatureK / kCriticalK;
  const double sum = -7.0602087 * x + 1.9391218 * std::pow(x, 1.5) - 1.6463597 * x * x - 3.2995634 * std::pow(x, 4.0);
  return kCriticalPa * std::exp(kCriticalK / temperatureK * sum);
}

double co2FrostShare(const planet::ClimateCube& cube, const planet::Atmosphere& atmosphere) {
  const auto& ts = cube.require(VariableId::kSurfaceTemperature).values;
  const auto& ps = cube.require(VariableId::kSurfaceAirPressure).values;
  const planet::Field* hus = cube.find(VariableId::kSpecificHumidity);
  const double co2 = atmosphere.ratio(planet::Gas::kCO2);
  if (!(co2 > 0.0)) return 0.0;
  const AirProperties air = airProperties(atmosphere);
  const std::size_t levels = cube.grid.sigma.size();
  return columnMean(cube, [&](std::size_t column, std::size_t) {
    const double humidity = hus == nullptr ? 0.0 : static_cast<double>(hus->values[column * levels + levels - 1]);
    const double dry = (1.0 - vapourMixingRatio(humidity, air)) * static_cast<double>(ps[column]);
    return co2SaturationPa(static_cast<double>(ts[column])) < co2 * dry ? 1.0 : 0.0;
  });
}

}  // namespace ecumene::data::physics::atmosphere
