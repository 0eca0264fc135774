// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "data/planet/planet.h"

namespace ecumene::test {

/// A cube with surface temperature (K) and net shortwave (W/m2) alone, the same everywhere.
inline data::planet::ClimateCube uniformClimate(double temperatureK, double shortwaveWm2) {
  using namespace data::planet;
  ClimateCube cube;
  cube.grid = canonicalGrid();
  for (const auto& [id, value] : {std::pair{VariableId::kSurfaceTemperature, temperatureK},
                                  std::pair{VariableId::kToaNetShortwave, shortwaveWm2}}) {
    Field field;
    field.id = id;
    field.values.assign(cube.expectedSize(id), static_cast<float>(value));
    cube.fields.push_back(std::move(field));
  }
  return cube;
}

/// Other values in the northern half of one month.
inline void setNorth(data::planet::ClimateCube& cube, std::size_t month, double temperatureK, double shortwaveWm2) {
  const std::size_t rows = cube.grid.latitudeDeg.size(), columns = cube.grid.longitudeDeg.size();
  for (std::size_t lat = rows / 2; lat < rows; ++lat) {
    for (std::size_t lon = 0; lon < columns; ++lon) {
      const std::size_t i = (month * rows + lat) * columns + lon;
      cube.fields[0].values[i] = static_cast<float>(temperatureK);
      cube.fields[1].values[i] = static_cast<float>(shortwaveWm2);
    }
  }
}

/// 1 bar of nitrogen over an ocean around the Sun.
inline data::planet::PlanetTruth planetWithAir() {
  data::planet::PlanetTruth truth;
  truth.atmosphere.surfacePressurePa = 1e5;
  truth.atmosphere.ratio(data::planet::Gas::kN2) = 1.0;
  truth.surface.oceanFraction = 0.7;
  truth.star.temperatureK = 5772.0;
  return truth;
}

/// Moves that share of the air from nitrogen to another gas.
inline void addGas(data::planet::PlanetTruth& truth, data::planet::Gas gas, double ratio) {
  truth.atmosphere.ratio(data::planet::Gas::kN2) -= ratio - truth.atmosphere.ratio(gas);
  truth.atmosphere.ratio(gas) = ratio;
}

}  // namespace ecumene::test
