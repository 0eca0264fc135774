// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "data/base/error.h"
#include "data/physics/atmosphere/column.h"

namespace ecumene::data::physics::atmosphere {
namespace {

constexpr double kTopPa = 0.1;
constexpr double kLowestTrapPa = 1e-8;

/// Area- and time-mean of each level (one for fields of the surface), values of one epoch.
std::vector<double> levelMeans(const planet::ClimateCube& cube, planet::VariableId id, std::size_t epoch) {
  const planet::Field& field = cube.require(id);
  const std::size_t levels = planet::info(id).onLevels ? cube.grid.sigma.size() : 1;
  const std::size_t longitudes = cube.grid.longitudeDeg.size();
  std::vector<double> sum(levels, 0.0);
  const float* value = field.values.data() + epoch * planet::kMonths * cube.grid.cells() * levels;
  for (std::size_t month = 0; month < planet::kMonths; ++month) {
    for (std::size_t lat = 0; lat < cube.grid.latitudeDeg.size(); ++lat) {
      const double weight = cube.grid.cellWeight(lat) / static_cast<double>(planet::kMonths);
      for (std::size_t i = 0; i < longitudes * levels; ++i) sum[i % levels] += weight * static_cast<double>(*value++);
    }
  }
  return sum;
}

/// Area- and time-mean relative humidity of each level, each cell's at most 1.
std::vector<double> meanRelativeHumidity(const planet::ClimateCube& cube, const AirProperties& air) {
  const auto& ta = cube.require(planet::VariableId::kAirTemperature).values;
  const auto& hus = cube.require(planet::VariableId::kSpecificHumidity).values;
  const auto& ps = cube.require(planet::VariableId::kSurfaceAirPressure).values;
  const std::size_t levels = cube.grid.sigma.size();
  const std::size_t cells = cube.grid.cells();
  const std::size_t longitudes = cube.grid.longitudeDeg.size();
  std::vector<double> mean(levels, 0.0);
  for (std::size_t column = 0; column < planet::kMonths * cells; ++column) {
    const double weight = cube.grid.cellWeight(column % cells / longitudes) / static_cast<double>(planet::kMonths);
    for (std::size_t k = 0; k < levels; ++k) {
      const std::size_t i = column * levels + k;
      const double pressure = cube.grid.sigma[k] * static_cast<double>(ps[column]);
      const double ratio = vapourMixingRatio(static_cast<double>(hus[i]), air);
      mean[k] += weight * std::clamp(ratio / saturationMixingRatio(static_cast<double>(ta[i]), pressure), 0.0, 1.0);
    }
  }
  return mean;
}

/// Level (from the top down) of the deck's top; see areaMeanColumn.
std::size_t cloudTopLevel(std::span<const double> humidity, std::span<const double> temperatureK) {
  constexpr double kHomogeneousFreezingK = 233.15;
  std::size_t highest = humidity.size() - 1;
  while (highest > 0 && temperatureK[highest - 1] >= kHomogeneousFreezingK) --highest;
  const auto moistest = std::max_element(humidity.begin() + static_cast<std::ptrdiff_t>(highest), humidity.end());
  auto top = static_cast<std::size_t>(moistest - humidity.begin());
  while (top > highest && humidity[top - 1] >= 0.5 * *moistest) --top;
  return top;
}

}  // namespace

MeanProfile meanProfile(const planet::ClimateCube& cube, const AirProperties& air, std::size_t epoch) {
  const auto temperature = levelMeans(cube, planet::VariableId::kAirTemperature, epoch);
  const auto humidity = levelMeans(cube, planet::VariableId::kSpecificHumidity, epoch);
  const double ground = levelMeans(cube, planet::VariableId::kSurfaceTemperature, epoch).front();
  const double pressure = levelMeans(cube, planet::VariableId::kSurfaceAirPressure, epoch).front();
  const auto mixingRatio = [&](double q) { return vapourMixingRatio(std::max(0.0, q), air); };
  MeanProfile profile{{pressure}, {ground}, {mixingRatio(humidity.back())}};
  for (std::size_t k = temperature.size(); k-- > 0;) {
    profile.pressurePa.push_back(cube.grid.sigma[k] * pressure);
    profile.temperatureK.push_back(temperature[k]);
    profile.h2oMixingRatio.push_back(mixingRatio(humidity[k]));
  }
  return profile;
}

double stratosphereK(double outgoingLongwaveWm2) {
  return kStratosphereK * std::pow(outgoingLongwaveWm2 / kStratosphereOlrWm2, 0.25);
}

double stratosphereK(const planet::ClimateCube& cube, std::size_t epoch) {
  if (cube.find(planet::VariableId::kToaOutgoingLongwave) == nullptr) return kStratosphereK;
  return stratosphereK(levelMeans(cube, planet::VariableId::kToaOutgoingLongwave, epoch).front());
}

double coldTrapMixingRatio(const AirProperties& air, const MeanProfile& profile, double stratosphereK) {
  const std::size_t top = profile.pressurePa.size() - 1;
  double smallest = saturationMixingRatio(profile.temperatureK[0], profile.pressurePa[0]);
  bool atTop = top == 0;
  for (std::size_t i = 0; i < top; ++i) {
    const double upper = profile.temperatureK[i + 1];
    // No crossing below the upper level: the level itself counts.
    const double pressure = adiabatPressureAt(air, Moisture::kSaturated, profile.temperatureK[i], profile.pressurePa[i],
                                              upper, profile.pressurePa[i + 1]);
    const double candidate =
        saturationMixingRatio(upper, upper < profile.temperatureK[i] ? pressure : profile.pressurePa[i + 1]);
    if (candidate > smallest) continue;
    smallest = candidate;
    atTop = i + 1 == top;
  }
  if (!atTop || profile.temperatureK[top] <= stratosphereK) return smallest;
  const double trap = adiabatPressureAt(air, Moisture::kSaturated, profile.temperatureK[top], profile.pressurePa[top],
                                        stratosphereK, kLowestTrapPa);
  return std::min(smallest, saturationMixingRatio(stratosphereK, trap));
}

Column areaMeanColumn(const planet::ClimateCube& cube, const planet::Atmosphere& atmosphere) {
  const AirProperties air = airProperties(atmosphere);
  MeanProfile profile = meanProfile(cube, air);
  Column column{std::move(profile.pressurePa), std::move(profile.temperatureK), std::move(profile.h2oMixingRatio)};
  const bool moist = column.h2oMixingRatio.back() > 0.0;
  double temperature = column.temperatureK.back();
  double pressure = column.pressurePa.back();
  double vapour = column.h2oMixingRatio.back();
  const double target = std::min(stratosphereK(cube), temperature);
  constexpr double kRatio = 0.7;
  while (pressure * kRatio >= kTopPa) {
    const double next = pressure * kRatio;
    if (temperature > target) {
      temperature = std::max(
          target, alongAdiabat(air, moist ? Moisture::kSaturated : Moisture::kDry, temperature, pressure, next));
    }
    pressure = next;
    vapour = std::min(vapour, saturationMixingRatio(temperature, pressure));
    column.pressurePa.push_back(pressure);
    column.temperatureK.push_back(temperature);
    column.h2oMixingRatio.push_back(vapour);
  }
  if (cube.find(planet::VariableId::kCloudAreaFraction) == nullptr) return column;
  column.cloudFraction = levelMeans(cube, planet::VariableId::kCloudAreaFraction, 0).front();
  if (column.cloudFraction > 0.0) {
    const std::vector<double> levelsK = levelMeans(cube, planet::VariableId::kAirTemperature, 0);
    const std::size_t top = cloudTopLevel(meanRelativeHumidity(cube, air), levelsK);
    column.cloudTopPressurePa = cube.grid.sigma[top] * column.pressurePa.front();
  }
  return column;
}

}  // namespace ecumene::data::physics::atmosphere
