// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/winds.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "data/physics/constants.h"

namespace ecumene::data::physics::atmosphere {
namespace {

constexpr double kFlooredLatitudeDeg = 10.0;
constexpr double kJetLimit = 200.0;         // m/s
constexpr double kOverturningLimit = 50.0;  // m/s at the ground
/// Gross stability over the warmest ground, K.
constexpr double kWarmStabilityK = 10.0;
/// The rest of what Earth's air takes out of the tropics is latent (Trenberth & Stepaniak 2003, J. Climate 16, 3691),
/// which stirs no dry air.
constexpr double kDryShare = 0.5;

/// Tends to +-limit; for |x| < limit / 3 within 0.3 % of x.
double softLimit(double x, double limit) {
  if (limit <= 0.0) return 0.0;
  const double ratio = x / limit;
  return x / std::sqrt(std::sqrt(1.0 + ratio * ratio * ratio * ratio));
}

/// A_k of the header.
std::vector<double> overturningStructure(std::span<const double> sigma, std::span<const double> thickness) {
  std::vector<double> structure(sigma.size());
  double mean = 0.0;
  for (std::size_t k = 0; k < sigma.size(); ++k) {
    structure[k] = std::cos(std::numbers::pi * sigma[k] * sigma[k]);
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

/// Mean temperature of the warmest tenth of the area.
double warmestTenthK(const planet::Grid& grid, std::span<const double> temperatureK) {
  std::vector<std::size_t> order(temperatureK.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return temperatureK[a] > temperatureK[b]; });
  constexpr double kShare = 0.1;
  double sum = 0.0;
  double left = kShare;
  for (const std::size_t i : order) {
    const double weight = std::min(left, grid.cellWeight(i / grid.longitudeDeg.size()));
    sum += weight * temperatureK[i];
    left -= weight;
    if (left <= 0.0) break;
  }
  return sum / (kShare - left);
}

/// Jet in balance with the gradient of geopotential dPhi/dy (m s-2) at one place.
double jet(double geopotentialGradient, double latitudeDeg, const WindPlanet& planet) {
  const double sine = std::abs(std::sin(latitudeDeg * kDegreeRadians));
  const double floorSine = std::sin(kFlooredLatitudeDeg * kDegreeRadians);
  const double coriolis = 2.0 * planet.rotationRate * std::max(sine, floorSine);
  const double force = std::abs(geopotentialGradient);
  const double speed = 2.0 * force / (coriolis + std::sqrt(coriolis * coriolis + 4.0 * force / planet.radiusM));
  const double westerly = (geopotentialGradient < 0.0) == (latitudeDeg > 0.0) ? 1.0 : -1.0;
  return westerly * softLimit(speed, kJetLimit) * std::min(1.0, sine / floorSine);
}

/// J of the header, [lat, lon, lev], 0 at the lowest level.
std::vector<double> thermalWind(const planet::Grid& grid, const WindPlanet& planet,
                                std::span<const double> airTemperatureK) {
  const std::size_t cells = grid.cells();
  const std::size_t levels = grid.sigma.size();
  std::vector<double> geopotential(cells, 0.0);
  std::vector<double> east(cells);
  std::vector<double> north(cells);
  std::vector<double> jets(cells * levels, 0.0);
  for (std::size_t k = levels - 1; k-- > 0;) {
    // Hydrostatic thickness by the trapezoid rule in ln p.
    const double depth = planet.gasConstant * std::log(grid.sigma[k + 1] / grid.sigma[k]);
    for (std::size_t i = 0; i < cells; ++i) {
      geopotential[i] += depth * 0.5 * (airTemperatureK[i * levels + k + 1] + airTemperatureK[i * levels + k]);
    }
    gradientPerRadian(grid, geopotential, east, north);
    for (std::size_t i = 0; i < cells; ++i) {
      jets[i * levels + k] = jet(north[i] / planet.radiusM, grid.latitudeDeg[i / grid.longitudeDeg.size()], planet);
    }
  }
  return jets;
}

std::vector<double> areaMeanPerLevel(const planet::Grid& grid, std::span<const double> field) {
  const std::size_t levels = grid.sigma.size();
  std::vector<double> mean(levels, 0.0);
  for (std::size_t i = 0; i < grid.cells(); ++i) {
    const double weight = grid.cellWeight(i / grid.longitudeDeg.size());
    for (std::size_t k = 0; k < levels; ++k) mean[k] += weight * field[i * levels + k];
  }
  return mean;
}

/// S of the header for each latitude circle.
std::vector<double> surfaceWind(const planet::Grid& grid, const WindPlanet& planet, const Overturning& flow,
                                double branch, double airK) {
  const std::size_t longitudes = grid.longitudeDeg.size();
  const std::size_t rows = grid.latitudeDeg.size();
  std::vector<double> stress(rows, 0.0);
  double eddyTorque = 0.0;
  double returnTorque = 0.0;
  for (std::size_t lat = 0; lat < rows; ++lat) {
    const double cosine = std::cos(grid.latitudeDeg[lat] * kDegreeRadians);
    const auto row = flow.north.begin() + static_cast<std::ptrdiff_t>(lat * longitudes);
    const double mean =
        std::accumulate(row, row + static_cast<std::ptrdiff_t>(longitudes), 0.0) / static_cast<double>(longitudes);
    const double mass = kDryShare * branch * planet.surfacePressurePa / planet.gravity;
    stress[lat] = std::abs(2.0 * planet.rotationRate * std::sin(grid.latitudeDeg[lat] * kDegreeRadians) * mean) * mass;
    eddyTorque += grid.latitudeWeight[lat] * cosine * stress[lat];
    returnTorque += grid.latitudeWeight[lat] * cosine * cosine;
  }
  const double density = planet.surfacePressurePa / (planet.gasConstant * airK);
  std::vector<double> wind(rows);
  for (std::size_t lat = 0; lat < rows; ++lat) {
    const double net = stress[lat] - eddyTorque / returnTorque * std::cos(grid.latitudeDeg[lat] * kDegreeRadians);
    // |U| sqrt(U^2 + gusts^2) = |stress| / (density C_D), solved for U.
    const double drag = 2.0 * net / (density * kDragCoefficient);
    const double gusts = kGustSpeed * kGustSpeed;
    wind[lat] = drag / std::sqrt(2.0 * (gusts + std::sqrt(gusts * gusts + drag * drag)));
  }
  return wind;
}

/// E of the header for each latitude circle, of the area-mean temperature at the levels.
std::vector<double> equatorialJet(const planet::Grid& grid, const WindPlanet& planet, std::span<const double> meanK) {
  double waveSpeed = 0.0;
  for (std::size_t k = 1; k < meanK.size(); ++k) {
    const double middle = 0.5 * (meanK[k - 1] + meanK[k]);
    const double depth = planet.gasConstant * middle / planet.gravity * std::log(grid.sigma[k] / grid.sigma[k - 1]);
    const double lapse = (meanK[k - 1] - meanK[k]) / depth + planet.gravity / planet.heatCapacity;
    waveSpeed += std::sqrt(std::max(0.0, planet.gravity / middle * lapse)) * depth / std::numbers::pi;
  }
  std::vector<double> wind(grid.latitudeDeg.size(), 0.0);
  if (waveSpeed <= 0.0) return wind;
  const double spin = planet.rotationRate * planet.radiusM;
  const double speed = 1.0 / (3.0 / waveSpeed + 1.0 / spin);
  const double squaredWidth = std::min(1.0, waveSpeed / (2.0 * spin));
  for (std::size_t lat = 0; lat < wind.size(); ++lat) {
    const double phi = grid.latitudeDeg[lat] * kDegreeRadians;
    wind[lat] = speed * std::exp(-phi * phi / (2.0 * squaredWidth));
  }
  return wind;
}

}  // namespace

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
  const std::vector<double> structure = overturningStructure(grid.sigma, thickness);
  const double branch = upperBranch(structure, thickness);
  Overturning flow;
  flow.east.resize(grid.cells());
  flow.north.resize(grid.cells());
  flow.ascent.resize(grid.cells());
  gradientPerRadian(grid, surfaceTemperatureK, flow.east, flow.north);
  // W/m of energy over J/kg of stability is kg/m/s of air; over the branch's mass per area, a speed.
  const double perStability =
      diffusionWm2K * planet.radiusM / planet.heatCapacity * planet.gravity / (planet.surfacePressurePa * branch);
  double meanK = 0.0;
  for (std::size_t i = 0; i < grid.cells(); ++i) {
    meanK += grid.cellWeight(i / grid.longitudeDeg.size()) * surfaceTemperatureK[i];
  }
  const double warmK = warmestTenthK(grid, surfaceTemperatureK);
  const double density = planet.surfacePressurePa / (planet.gasConstant * meanK);
  const double work = kEngineShare * diffusionWm2K * (warmK - meanK) * (warmK - meanK) / warmK;
  const double engine = std::cbrt(work / (density * kDragCoefficient));
  const double limit = std::min(engine, kOverturningLimit) / std::abs(structure.back());
  for (std::size_t i = 0; i < grid.cells(); ++i) {
    const double speedPerK = perStability / (kWarmStabilityK + std::max(0.0, warmK - surfaceTemperatureK[i]));
    flow.east[i] = softLimit(-speedPerK * flow.east[i], limit);
    flow.north[i] = softLimit(-speedPerK * flow.north[i], limit);
  }
  divergencePerRadian(grid, flow.east, flow.north, flow.ascent);
  for (double& rate : flow.ascent) rate *= branch / planet.radiusM;
  return flow;
}

void winds(const planet::Grid& grid, const WindPlanet& planet, const Overturning& flow,
           std::span<const double> airTemperatureK, std::span<float> eastward, std::span<float> northward) {
  const std::size_t levels = grid.sigma.size();
  const std::size_t longitudes = grid.longitudeDeg.size();
  const std::vector<double> thickness = layerThickness(grid.sigma);
  const std::vector<double> structure = overturningStructure(grid.sigma, thickness);
  const std::vector<double> meanK = areaMeanPerLevel(grid, airTemperatureK);
  const std::vector<double> jets = thermalWind(grid, planet, airTemperatureK);
  const std::vector<double> ground = surfaceWind(grid, planet, flow, upperBranch(structure, thickness), meanK.back());
  const std::vector<double> equatorial =
      planet.synchronous ? equatorialJet(grid, planet, meanK) : std::vector<double>(grid.latitudeDeg.size(), 0.0);

  std::vector<double> free(levels);
  double freeMean = 0.0;
  for (std::size_t k = 0; k < levels; ++k) {
    free[k] = 1.0 - grid.sigma[k] / grid.sigma.back();
    freeMean += thickness[k] * free[k];
  }
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
      const double aloft = (rowMean - columnMean[lon]) / freeMean + equatorial[lat];
      for (std::size_t k = 0; k < levels; ++k) {
        const std::size_t at = i * levels + k;
        eastward[at] = static_cast<float>(jets[at] + aloft * free[k] + ground[lat] + structure[k] * flow.east[i]);
        northward[at] = static_cast<float>(structure[k] * flow.north[i]);
      }
    }
  }
}

}  // namespace ecumene::data::physics::atmosphere
