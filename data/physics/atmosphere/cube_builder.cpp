// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/cube_builder.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <string_view>
#include <utility>

#include "data/base/error.h"
#include "data/physics/atmosphere/moist_air.h"
#include "data/physics/atmosphere/winds.h"
#include "data/physics/constants.h"
#include "data/planet/kept_temperature.h"

namespace ecumene::data::physics::atmosphere {
namespace {

constexpr double kColdestK = 60.0;
constexpr double kHottestK = 1000.0;

void requirePositive(std::string_view what, double value) {
  if (std::isfinite(value) && value > 0.0) return;
  throw Error("the planet cannot have an atmosphere built")
      .on(std::string(what))
      .expected("> 0")
      .found(std::to_string(value));
}

void requireMap(std::string_view what, const std::vector<double>& map) {
  const std::size_t wanted = planet::kMonths * planet::canonicalGrid().cells();
  if (map.size() != wanted) {
    throw Error("the map of the surface climate has a wrong size")
        .on(std::string(what))
        .expected(std::to_string(wanted) + " values")
        .found(std::to_string(map.size()));
  }
  const auto bad = std::find_if(map.begin(), map.end(), [](double v) { return !std::isfinite(v); });
  if (bad == map.end()) return;
  throw Error("the surface climate holds a value that is not finite")
      .on(std::string(what) + "[" + std::to_string(bad - map.begin()) + "]");
}

void requireSound(const SurfaceClimate& climate, const planet::PlanetTruth& truth) {
  requireMap("surface temperature", climate.surfaceTemperatureK);
  requireMap("absorbed shortwave", climate.absorbedShortwaveWm2);
  requireMap("outgoing longwave", climate.outgoingLongwaveWm2);
  requireMap("sea ice", climate.iceFraction);
  const auto [coldest, hottest] =
      std::minmax_element(climate.surfaceTemperatureK.begin(), climate.surfaceTemperatureK.end());
  if (*coldest < kColdestK || *hottest > kHottestK) {
    throw Error("the surface temperature is outside what the columns cover")
        .on("surface temperature")
        .expected("60 to 1000 K")
        .found(std::to_string(*coldest) + " to " + std::to_string(*hottest) + " K");
  }
  requirePositive("planet radius", truth.bulk.radiusEarth);
  requirePositive("gravity", truth.bulk.gravity);
  requirePositive("rotation period", truth.bulk.rotationDays);
  requirePositive("surface pressure", truth.atmosphere.surfacePressurePa);
}

std::vector<float> rounded(const std::vector<double>& values) {
  std::vector<float> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), [](double v) { return static_cast<float>(v); });
  return result;
}

}  // namespace

planet::ClimateCube buildCube(const SurfaceClimate& climate, const planet::PlanetTruth& truth) {
  requireSound(climate, truth);
  const planet::Grid& grid = planet::canonicalGrid();
  const std::size_t cells = grid.cells();
  const std::size_t levels = grid.sigma.size();
  const std::size_t columns = planet::kMonths * cells;
  const AirProperties air = airProperties(truth.atmosphere);
  const auto& ts = climate.surfaceTemperatureK;

  WindPlanet body;
  body.radiusM = truth.bulk.radiusEarth * kEarthRadius;
  body.gravity = truth.bulk.gravity;
  body.rotationRate = 2.0 * std::numbers::pi / (truth.bulk.rotationDays * kDaySeconds);
  body.gasConstant = air.gasConstant;
  body.heatCapacity = air.heatCapacity;
  body.synchronous = truth.bulk.synchronous;
  const MoistAir moist = moistAir(climate, truth, body);
  body.surfacePressurePa = moist.surfacePressurePa;

  std::vector<float> hus(columns * levels, 0.0F);
  std::transform(moist.vapour.begin(), moist.vapour.end(), hus.begin(),
                 [&](double vapour) { return static_cast<float>(specificHumidity(vapour, air)); });
  std::vector<float> ua(columns * levels);
  std::vector<float> va(columns * levels);
  for (std::size_t month = 0; month < planet::kMonths; ++month) {
    const std::size_t at = month * cells * levels;
    winds(grid, body, moist.overturning[month], std::span(&moist.temperatureK[at], cells * levels),
          std::span(&ua[at], cells * levels), std::span(&va[at], cells * levels));
  }

  // Labels, viability and spectra then come from what a store gives back.
  std::vector<float> kept(columns);
  std::transform(ts.begin(), ts.end(), kept.begin(), planet::keptTemperatureK);

  planet::ClimateCube cube;
  cube.grid = grid;
  cube.landFraction = climate.landFraction;
  cube.orographyM.assign(cells, 0.0F);
  using Id = planet::VariableId;
  cube.fields = {{Id::kAirTemperature, rounded(moist.temperatureK)},
                 {Id::kSpecificHumidity, std::move(hus)},
                 {Id::kEastwardWind, std::move(ua)},
                 {Id::kNorthwardWind, std::move(va)},
                 {Id::kSurfaceTemperature, std::move(kept)},
                 {Id::kSurfaceAirPressure, std::vector<float>(columns, static_cast<float>(body.surfacePressurePa))},
                 {Id::kCloudAreaFraction, rounded(moist.cloudFraction)},
                 {Id::kSeaIceAreaFraction, rounded(climate.iceFraction)},
                 {Id::kToaNetShortwave, rounded(climate.absorbedShortwaveWm2)},
                 {Id::kToaOutgoingLongwave, rounded(climate.outgoingLongwaveWm2)}};
  return cube;
}

}  // namespace ecumene::data::physics::atmosphere
