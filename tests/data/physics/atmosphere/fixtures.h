// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <numbers>
#include <vector>

#include "data/physics/atmosphere/thermodynamics.h"
#include "data/physics/surface_climate.h"
#include "data/planet/planet.h"

namespace ecumene::data::physics::atmosphere {

inline double radians(double degrees) {
  return degrees * std::numbers::pi / 180.0;
}

/// N2 and O2 of Earth's proportion, one bar, Earth's body.
inline planet::PlanetTruth earthTruth() {
  planet::PlanetTruth truth;
  truth.orbit.fluxWm2 = 1361.0;
  truth.bulk.radiusEarth = 1.0;
  truth.bulk.gravity = 9.81;
  truth.bulk.rotationDays = 0.9973;
  truth.bulk.obliquityDeg = 23.5;
  truth.atmosphere.surfacePressurePa = 1e5;
  truth.atmosphere.ratio(planet::Gas::kN2) = 0.79;
  truth.atmosphere.ratio(planet::Gas::kO2) = 0.21;
  truth.surface.oceanFraction = 0.7;
  return truth;
}

inline AirProperties earthAir() {
  return airProperties(earthTruth().atmosphere);
}

inline planet::PlanetTruth truthOf(planet::Gas gas, double pressurePa) {
  planet::PlanetTruth truth = earthTruth();
  truth.atmosphere.mixingRatio = {};
  truth.atmosphere.ratio(gas) = 1.0;
  truth.atmosphere.surfacePressurePa = pressurePa;
  return truth;
}

/// temperature(latitude deg, longitude deg, month), and the fluxes that a diffusion D would need for a temperature
/// whose Laplacian is laplacian(latitude, longitude, month) on the unit sphere (0 by default: radiative balance).
using Pattern = std::function<double(double, double, std::size_t)>;

inline SurfaceClimate makeClimate(const Pattern& temperature, double diffusionWm2K = 0.0,
                                  const Pattern& laplacian = nullptr) {
  const planet::Grid& grid = planet::canonicalGrid();
  SurfaceClimate climate;
  for (std::size_t month = 0; month < planet::kMonths; ++month) {
    for (const double lat : grid.latitudeDeg) {
      for (const double lon : grid.longitudeDeg) {
        const double kelvin = temperature(lat, lon, month);
        climate.surfaceTemperatureK.push_back(kelvin);
        climate.outgoingLongwaveWm2.push_back(240.0);
        climate.absorbedShortwaveWm2.push_back(240.0 - (laplacian ? diffusionWm2K * laplacian(lat, lon, month) : 0.0));
        climate.iceFraction.push_back(kelvin < 271.0 ? 0.7 : 0.0);
      }
    }
  }
  climate.landFraction.assign(grid.cells(), 0.3F);
  climate.largestOlrWm2 = 300.0;
  return climate;
}

/// Second Legendre polynomial of sin(latitude); its Laplacian on the unit sphere is -6 times itself.
inline double p2(double latitudeDeg) {
  const double x = std::sin(radians(latitudeDeg));
  return 0.5 * (3.0 * x * x - 1.0);
}

/// Cosine of the angle from the substellar point at 180 E; its Laplacian on the unit sphere is -2 times itself.
inline double substellarCosine(double latitudeDeg, double longitudeDeg) {
  return -std::cos(radians(latitudeDeg)) * std::cos(radians(longitudeDeg));
}

/// Earth-like zonal climate with seasons: 299 K at the equator, 244 K at the poles, 288 K in the mean, in balance with
/// D = 0.58. Flat in the tropics as Earth is: T falls with the fourth power of x = sin(latitude), whose Laplacian is
/// 12 x^2 - 20 x^4.
inline SurfaceClimate earthClimate() {
  const auto seasonal = [](double lat, double, std::size_t month) {
    const double x = std::sin(radians(lat));
    return 299.0 - 55.0 * x * x * x * x + 8.0 * x * std::sin(radians(30.0 * static_cast<double>(month)));
  };
  const auto laplacian = [](double lat, double, std::size_t) {
    const double x2 = std::pow(std::sin(radians(lat)), 2);
    return -55.0 * (12.0 * x2 - 20.0 * x2 * x2);
  };
  return makeClimate(seasonal, 0.58, laplacian);
}

/// Synchronous "eyeball": 295 K under the star, 215 K opposite, in balance with D = 3.
inline SurfaceClimate eyeballClimate() {
  const auto pattern = [](double lat, double lon, std::size_t) { return 255.0 + 40.0 * substellarCosine(lat, lon); };
  const auto laplacian = [](double lat, double lon, std::size_t) { return -80.0 * substellarCosine(lat, lon); };
  return makeClimate(pattern, 3.0, laplacian);
}

/// A cube that holds nothing but surface temperature on the canonical grid.
inline planet::ClimateCube surfaceCube(const Pattern& temperature) {
  planet::ClimateCube cube;
  cube.grid = planet::canonicalGrid();
  planet::Field ts{planet::VariableId::kSurfaceTemperature, {}};
  for (const double kelvin : makeClimate(temperature).surfaceTemperatureK) {
    ts.values.push_back(static_cast<float>(kelvin));
  }
  cube.fields.push_back(std::move(ts));
  return cube;
}

inline double areaMean(const planet::ClimateCube& cube, planet::VariableId id) {
  return planet::statistics(cube, cube.require(id)).areaWeightedMean;
}

}  // namespace ecumene::data::physics::atmosphere
