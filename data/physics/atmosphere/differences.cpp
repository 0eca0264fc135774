// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/differences.h"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>

#include "data/base/error.h"
#include "data/physics/constants.h"

namespace ecumene::data::physics::atmosphere {
namespace {

/// First derivative at the middle of three unequal distances, exact for parabolas.
double derivative(double below, double here, double above, double down, double up) {
  return ((above - here) * down / up + (here - below) * up / down) / (down + up);
}

/// Values and angular distances of a row's neighbours to the south and north, across the poles where needed.
struct Neighbours {
  std::size_t south, north;
  double down, up;
};

Neighbours neighbours(const planet::Grid& grid, std::size_t lat, std::size_t lon) {
  const std::size_t longitudes = grid.longitudeDeg.size();
  const std::size_t last = grid.latitudeDeg.size() - 1;
  const std::size_t opposite = (lon + longitudes / 2) % longitudes;
  Neighbours n{};
  if (lat == 0) {
    n.south = opposite;
    n.down = 2.0 * kDegreeRadians * (90.0 + grid.latitudeDeg.front());
  } else {
    n.south = (lat - 1) * longitudes + lon;
    n.down = kDegreeRadians * (grid.latitudeDeg[lat] - grid.latitudeDeg[lat - 1]);
  }
  if (lat == last) {
    n.north = last * longitudes + opposite;
    n.up = 2.0 * kDegreeRadians * (90.0 - grid.latitudeDeg.back());
  } else {
    n.north = (lat + 1) * longitudes + lon;
    n.up = kDegreeRadians * (grid.latitudeDeg[lat + 1] - grid.latitudeDeg[lat]);
  }
  return n;
}

double eastDifference(const planet::Grid& grid, std::span<const double> field, std::size_t lat, std::size_t lon) {
  const std::size_t longitudes = grid.longitudeDeg.size();
  const std::size_t row = lat * longitudes;
  const double span = 4.0 * std::numbers::pi / static_cast<double>(longitudes);
  return (field[row + (lon + 1) % longitudes] - field[row + (lon + longitudes - 1) % longitudes]) / span;
}

}  // namespace

std::vector<double> layerThickness(std::span<const double> sigma) {
  std::vector<double> thickness(sigma.size());
  double upper = 0.0;
  for (std::size_t k = 0; k < sigma.size(); ++k) {
    const double lower = k + 1 < sigma.size() ? 0.5 * (sigma[k] + sigma[k + 1]) : 1.0;
    if (!(sigma[k] > upper && sigma[k] < lower)) {
      throw Error("the sigma levels do not ascend between 0 and 1").on("sigma[" + std::to_string(k) + "]");
    }
    thickness[k] = lower - upper;
    upper = lower;
  }
  return thickness;
}

void gradientPerRadian(const planet::Grid& grid, std::span<const double> field, std::span<double> east,
                       std::span<double> north) {
  const std::size_t longitudes = grid.longitudeDeg.size();
  for (std::size_t lat = 0; lat < grid.latitudeDeg.size(); ++lat) {
    const double cosine = std::cos(grid.latitudeDeg[lat] * kDegreeRadians);
    for (std::size_t lon = 0; lon < longitudes; ++lon) {
      const Neighbours n = neighbours(grid, lat, lon);
      const std::size_t here = lat * longitudes + lon;
      east[here] = eastDifference(grid, field, lat, lon) / cosine;
      north[here] = derivative(field[n.south], field[here], field[n.north], n.down, n.up);
    }
  }
}

void divergencePerRadian(const planet::Grid& grid, std::span<const double> east, std::span<const double> north,
                         std::span<double> divergence) {
  const std::size_t longitudes = grid.longitudeDeg.size();
  const std::size_t last = grid.latitudeDeg.size() - 1;
  const auto cosine = [&](std::size_t lat) { return std::cos(grid.latitudeDeg[lat] * kDegreeRadians); };
  for (std::size_t lat = 0; lat <= last; ++lat) {
    for (std::size_t lon = 0; lon < longitudes; ++lon) {
      const Neighbours n = neighbours(grid, lat, lon);
      const std::size_t here = lat * longitudes + lon;
      // cos(lat) is taken negative beyond the pole, where a northward wind also turns round: the signs cancel.
      const double south = north[n.south] * cosine(lat == 0 ? 0 : lat - 1);
      const double above = north[n.north] * cosine(lat == last ? last : lat + 1);
      divergence[here] =
          (eastDifference(grid, east, lat, lon) + derivative(south, north[here] * cosine(lat), above, n.down, n.up)) /
          cosine(lat);
    }
  }
}

}  // namespace ecumene::data::physics::atmosphere
