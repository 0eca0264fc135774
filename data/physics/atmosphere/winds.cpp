// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/winds.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "data/base/error.h"

namespace ecumene::data::physics::atmosphere {
namespace {

constexpr double kFlooredLatitudeDeg = 10.0;
constexpr double kJetLimit = 200.0;         // m/s
constexpr double kOverturningLimit = 50.0;  // m/s
constexpr double kRadians = std::numbers::pi / 180.0;

/// Tends to +-limit; for |x| < limit / 3 within 0.3 % of x.
double softLimit(double x, double limit) {
  const double ratio = x / limit;
  return x / std::sqrt(std::sqrt(1.0 + ratio * ratio * ratio * ratio));
}

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
    n.down = 2.0 * kRadians * (90.0 + grid.latitudeDeg.front());
  } else {
    n.south = (lat - 1) * longitudes + lon;
    n.down = kRadians * (grid.latitudeDeg[lat] - grid.latitudeDeg[lat - 1]);
  }
  if (lat == last) {
    n.north = last * longitudes + opposite;
    n.up = 2.0 * kRadians * (90.0 - grid.latitudeDeg.back());
  } else {
    n.north = (lat + 1) * longitudes + lon;
    n.up = kRadians * (grid.latitudeDeg[lat + 1] - grid.latitudeDeg[lat]);
  }
  return n;
}

double eastDifference(const planet::Grid& grid, std::span<const double> field, std::size_t lat, std::size_t lon) {
  const std::size_t longitudes = grid.longitudeDeg.size();
  const std::size_t row = lat * longitudes;
  const double span = 4.0 * std::numbers::pi / static_cast<double>(longitudes);
  return (field[row + (lon + 1) % longitudes] - field[row + (lon + longitudes - 1) % longitudes]) / span;
}

/// A_k of the header.
std::vector<double> overturningStructure(std::span<const double> sigma, std::span<const double> thickness) {
  std::vector<double> structure(sigma.size());
  double mean = 0.0;
  for (std::size_t k = 0; k < sigma.size(); ++k) {
    structure[k] = std::cos(std::numbers::pi * sigma[k]);
    mean += structure[k] * thickness[k];
  }
  for (double& a : structure) a -= mean;
  return structure;
}

/// Share of the column in the upper branch, weighted with A_k.
double upperBranch(std::span<const double> structure, std::span<const double> thickness) {
  double share = 0.0;
  for (std::size_t k = 0; k < structure.size(); ++k) share += std::max(0.0, structure[k]) * thickness[k];
  return share;
}

/// Jet in balance with the gradient of geopotential dPhi/dy (m s-2) at one place.
double jet(double geopotentialGradient, double latitudeDeg, const WindPlanet& planet) {
  const double sine = std::abs(std::sin(latitudeDeg * kRadians));
  const double floorSine = std::sin(kFlooredLatitudeDeg * kRadians);
  const double coriolis = 2.0 * planet.rotationRate * std::max(sine, floorSine);
  const double force = std::abs(geopotentialGradient);
  const double speed = 2.0 * force / (coriolis + std::sqrt(coriolis * coriolis + 4.0 * force / planet.radiusM));
  const double westerly = (geopotentialGradient < 0.0) == (latitudeDeg > 0.0) ? 1.0 : -1.0;
  return westerly * softLimit(speed, kJetLimit) * std::min(1.0, sine / floorSine);
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
    const double cosine = std::cos(grid.latitudeDeg[lat] * kRadians);
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
  const auto cosine = [&](std::size_t lat) { return std::cos(grid.latitudeDeg[lat] * kRadians); };
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

double impliedDiffusion(const planet::Grid& grid, const SurfaceClimate& climate) {
  const std::size_t cells = grid.cells();
  const std::size_t longitudes = grid.longitudeDeg.size();
  std::vector<double> temperature(cells, 0.0);
  std::vector<double> gain(cells, 0.0);
  for (std::size_t i = 0; i < planet::kMonths * cells; ++i) {
    temperature[i % cells] += climate.surfaceTemperatureK[i] / planet::kMonths;
    gain[i % cells] += (climate.absorbedShortwaveWm2[i] - climate.outgoingLongwaveWm2[i]) / planet::kMonths;
  }
  std::vector<double> east(cells);
  std::vector<double> north(cells);
  gradientPerRadian(grid, temperature, east, north);
  double meanGain = 0.0;
  for (std::size_t i = 0; i < cells; ++i) meanGain += grid.cellWeight(i / longitudes) * gain[i];
  double transport = 0.0;
  double gradient = 0.0;
  for (std::size_t i = 0; i < cells; ++i) {
    const double weight = grid.cellWeight(i / longitudes);
    transport += weight * temperature[i] * (gain[i] - meanGain);
    gradient += weight * (east[i] * east[i] + north[i] * north[i]);
  }
  // Without a gradient (K^2) there is nothing to fit and nothing to carry.
  constexpr double kNoGradient = 1e-6;
  return gradient < kNoGradient ? 0.0 : std::max(0.0, transport / gradient);
}

Overturning overturning(const planet::Grid& grid, const WindPlanet& planet, double diffusionWm2K,
                        std::span<const double> surfaceTemperatureK) {
  const std::vector<double> thickness = layerThickness(grid.sigma);
  const double branch = upperBranch(overturningStructure(grid.sigma, thickness), thickness);
  Overturning flow;
  flow.east.resize(grid.cells());
  flow.north.resize(grid.cells());
  flow.ascent.resize(grid.cells());
  gradientPerRadian(grid, surfaceTemperatureK, flow.east, flow.north);
  // W/m of energy over J/kg of stability is kg/m/s of air; over the branch's mass per area, a speed.
  const double speedPerK = diffusionWm2K * planet.radiusM / (planet.heatCapacity * kGrossStabilityK) * planet.gravity /
                           (planet.surfacePressurePa * branch);
  for (std::size_t i = 0; i < grid.cells(); ++i) {
    flow.east[i] = softLimit(-speedPerK * flow.east[i], kOverturningLimit);
    flow.north[i] = softLimit(-speedPerK * flow.north[i], kOverturningLimit);
  }
  divergencePerRadian(grid, flow.east, flow.north, flow.ascent);
  for (double& rate : flow.ascent) rate *= branch / planet.radiusM;
  return flow;
}

void winds(const planet::Grid& grid, const WindPlanet& planet, const Overturning& flow,
           std::span<const double> surfaceTemperatureK, std::span<const double> airTemperatureK,
           std::span<float> eastward, std::span<float> northward) {
  const std::size_t cells = grid.cells();
  const std::size_t levels = grid.sigma.size();
  const std::size_t longitudes = grid.longitudeDeg.size();
  const std::vector<double> thickness = layerThickness(grid.sigma);
  const std::vector<double> structure = overturningStructure(grid.sigma, thickness);

  std::vector<double> geopotential(cells, 0.0);
  std::vector<double> below(surfaceTemperatureK.begin(), surfaceTemperatureK.end());
  std::vector<double> east(cells);
  std::vector<double> north(cells);
  std::vector<double> jets(cells * levels);
  double sigmaBelow = 1.0;
  for (std::size_t k = levels; k-- > 0;) {
    // Hydrostatic thickness by the trapezoid rule in ln p.
    const double depth = planet.gasConstant * std::log(sigmaBelow / grid.sigma[k]);
    for (std::size_t i = 0; i < cells; ++i) {
      const double temperature = airTemperatureK[i * levels + k];
      geopotential[i] += depth * 0.5 * (below[i] + temperature);
      below[i] = temperature;
    }
    sigmaBelow = grid.sigma[k];
    gradientPerRadian(grid, geopotential, east, north);
    for (std::size_t i = 0; i < cells; ++i) {
      jets[i * levels + k] = jet(north[i] / planet.radiusM, grid.latitudeDeg[i / longitudes], planet);
    }
  }

  double freeMean = 0.0;
  for (std::size_t k = 0; k < levels; ++k) freeMean += thickness[k] * (1.0 - grid.sigma[k]);
  for (std::size_t lat = 0; lat < grid.latitudeDeg.size(); ++lat) {
    std::vector<double> columnMean(longitudes, 0.0);
    double rowMean = 0.0;
    for (std::size_t lon = 0; lon < longitudes; ++lon) {
      const std::size_t i = lat * longitudes + lon;
      for (std::size_t k = 0; k < levels; ++k) columnMean[lon] += thickness[k] * jets[i * levels + k];
      rowMean += columnMean[lon] / static_cast<double>(longitudes);
    }
    for (std::size_t lon = 0; lon < longitudes; ++lon) {
      const std::size_t i = lat * longitudes + lon;
      const double correction = rowMean - columnMean[lon];
      for (std::size_t k = 0; k < levels; ++k) {
        const std::size_t at = i * levels + k;
        const double free = (1.0 - grid.sigma[k]) / freeMean;
        eastward[at] = static_cast<float>(jets[at] + correction * free + structure[k] * flow.east[i]);
        northward[at] = static_cast<float>(structure[k] * flow.north[i]);
      }
    }
  }
}

}  // namespace ecumene::data::physics::atmosphere
