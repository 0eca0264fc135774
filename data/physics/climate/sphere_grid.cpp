// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/sphere_grid.h"

#include <cmath>
#include <numbers>

#include "data/planet/cube.h"

namespace ecumene::data::physics::climate {

double SphereGrid::mean(const std::vector<double>& field) const {
  double total = 0.0;
  for (std::size_t i = 0; i < belts(); ++i) {
    double row = 0.0;
    for (std::size_t j = 0; j < longitudes; ++j) row += field[i * longitudes + j];
    total += share[i] * row;
  }
  return total / static_cast<double>(longitudes);
}

SphereGrid gaussianGrid(std::size_t belts, std::size_t longitudes) {
  SphereGrid grid;
  grid.longitudes = longitudes;
  std::vector<double> latitudeDeg;
  planet::gaussianLatitudes(belts, latitudeDeg, grid.share);
  grid.edge.push_back(-1.0);
  for (std::size_t i = 0; i < belts; ++i) {
    grid.sinLatitude.push_back(std::sin(latitudeDeg[i] * std::numbers::pi / 180.0));
    grid.edge.push_back(grid.edge.back() + 2.0 * grid.share[i]);
  }
  grid.edge.back() = 1.0;
  return grid;
}

SphereGrid equalAreaGrid(std::size_t belts, std::size_t longitudes) {
  SphereGrid grid;
  grid.longitudes = longitudes;
  const auto count = static_cast<double>(belts);
  for (std::size_t i = 0; i < belts; ++i) {
    grid.edge.push_back(-1.0 + 2.0 * static_cast<double>(i) / count);
    grid.sinLatitude.push_back(-1.0 + (2.0 * static_cast<double>(i) + 1.0) / count);
    grid.share.push_back(1.0 / count);
  }
  grid.edge.push_back(1.0);
  return grid;
}

}  // namespace ecumene::data::physics::climate
