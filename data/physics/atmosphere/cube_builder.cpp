// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/cube_builder.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <string_view>
#include <utility>

#include "data/base/error.h"
#include "data/physics/atmosphere/column.h"
#include "data/physics/atmosphere/moisture.h"
#include "data/physics/atmosphere/winds.h"
#include "data/physics/constants.h"

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

/// Vapour pressure and wet bulb at the ground of every month and cell, and the surface pressure they make with dry air.
struct MoistGround {
  std::vector<double> vapourPa, wetBulbK;
  double pressurePa = 0.0;
};

MoistGround moistGround(const SurfaceClimate& climate, const planet::PlanetTruth& truth, const AirProperties& air) {
  const planet::Grid& grid = planet::canonicalGrid();
  const std::size_t cells = grid.cells();
  const std::size_t longitudes = grid.longitudeDeg.size();
  const auto& ts = climate.surfaceTemperatureK;
  MoistGround moist{std::vector<double>(ts.size()), std::vector<double>(ts.size())};
  double meanK = 0.0;
  double meanVapour = 0.0;
  for (std::size_t month = 0; month < planet::kMonths; ++month) {
    double seas = 0.0;
    double seasK = 0.0;
    for (std::size_t i = 0; i < cells; ++i) {
      const double sea = grid.cellWeight(i / longitudes) * (1.0 - static_cast<double>(climate.landFraction[i]));
      seas += sea;
      seasK += sea * ts[month * cells + i];
    }
    const double fromSeas = seas > 0.0 ? saturationPressurePa(seasK / seas) : 0.0;
    for (std::size_t i = 0; i < cells; ++i) {
      const std::size_t at = month * cells + i;
      const Ground ground{ts[at], 1.0 - static_cast<double>(climate.landFraction[i]), truth.surface.soilMoistureM};
      moist.vapourPa[at] = availableVapourPa(ground, fromSeas, truth.bulk.gravity);
      const double weight = grid.cellWeight(i / longitudes) / planet::kMonths;
      meanK += weight * ts[at];
      meanVapour += weight * moist.vapourPa[at];
    }
  }
  // Not the mean of wet ground: a few hot seas would fill the air, which is as heavy everywhere.
  moist.pressurePa = truth.atmosphere.surfacePressurePa + std::min(meanVapour, saturationPressurePa(meanK));
  for (std::size_t i = 0; i < ts.size(); ++i) {
    moist.wetBulbK[i] = wetBulbK(air, ts[i], moist.vapourPa[i], moist.pressurePa);
  }
  return moist;
}

double meanOutgoingWm2(const SurfaceClimate& climate) {
  const planet::Grid& grid = planet::canonicalGrid();
  double mean = 0.0;
  for (std::size_t i = 0; i < climate.outgoingLongwaveWm2.size(); ++i) {
    const std::size_t row = i % grid.cells() / grid.longitudeDeg.size();
    mean += grid.cellWeight(row) / planet::kMonths * climate.outgoingLongwaveWm2[i];
  }
  return mean;
}

/// Rate in s-1 at which clear air sinks through the middle of the column, as a share of its mass: what the air radiates
/// over what the overturning gains by turning over once.
double clearSubsidence(const SurfaceClimate& climate, const WindPlanet& body) {
  // Of OLR: Earth's air loses 100 W m-2 more by radiation than it absorbs (Trenberth et al. 2009, BAMS 90, 311).
  constexpr double kRadiatedShare = 0.4;
  return kRadiatedShare * meanOutgoingWm2(climate) * body.gravity /
         (body.heatCapacity * kGrossStabilityK * body.surfacePressurePa);
}

/// Vapour (mole fraction) and clouds of one column, levels from the top down.
struct MoistColumn {
  std::vector<double> vapour, layerCloud;
};

/// `vertical`: see movingHumidity. `available`: mole fraction at the ground.
void moistColumn(std::span<const double> restingHumidity, std::span<const double> logSaturation, double vertical,
                 double available, MoistColumn& column) {
  double below = 1.0;
  for (std::size_t k = restingHumidity.size(); k-- > 0;) {
    const double saturation = std::exp(logSaturation[k]);
    // Nothing passes a cold trap twice.
    const double vapour =
        std::min(below, movingHumidity(restingHumidity[k], vertical) * std::min(saturation, available));
    column.vapour[k] = vapour;
    column.layerCloud[k] = monthlyCloud(vapour / saturation);
    below = vapour;
  }
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
  const bool wet = truth.surface.oceanFraction > 0.0 || truth.surface.soilMoistureM > 0.0;
  const auto& ts = climate.surfaceTemperatureK;

  WindPlanet body;
  body.radiusM = truth.bulk.radiusEarth * kEarthRadius;
  body.gravity = truth.bulk.gravity;
  body.rotationRate = 2.0 * std::numbers::pi / (truth.bulk.rotationDays * kDaySeconds);
  body.gasConstant = air.gasConstant;
  body.heatCapacity = air.heatCapacity;
  const MoistGround moist = wet ? moistGround(climate, truth, air)
                                : MoistGround{std::vector<double>(columns), ts, truth.atmosphere.surfacePressurePa};
  body.surfacePressurePa = moist.pressurePa;

  const auto [coldest, hottest] = std::minmax_element(moist.wetBulbK.begin(), moist.wetBulbK.end());
  const ColumnTable table(air, wet ? Moisture::kSaturated : Moisture::kDry, body.surfacePressurePa, grid.sigma,
                          *coldest, *hottest, stratosphereK(meanOutgoingWm2(climate)));
  std::vector<double> restingHumidity(levels);
  std::transform(grid.sigma.begin(), grid.sigma.end(), restingHumidity.begin(), manabeWetheraldHumidity);
  const double subsidence = clearSubsidence(climate, body);
  const double diffusion = impliedDiffusion(grid, climate);

  std::vector<float> ta(columns * levels);
  std::vector<float> hus(columns * levels, 0.0F);
  std::vector<float> ua(columns * levels);
  std::vector<float> va(columns * levels);
  std::vector<float> clt(columns, 0.0F);
  std::vector<double> monthAir(cells * levels);
  std::vector<double> logSaturation(levels);
  MoistColumn column{std::vector<double>(levels), std::vector<double>(levels)};
  for (std::size_t month = 0; month < planet::kMonths; ++month) {
    const std::span<const double> ground(&ts[month * cells], cells);
    const Overturning flow = overturning(grid, body, diffusion, ground);
    for (std::size_t i = 0; i < cells; ++i) {
      const std::size_t at = (month * cells + i) * levels;
      const std::span<double> temperature(&monthAir[i * levels], levels);
      const double wetBulb = moist.wetBulbK[month * cells + i];
      table.lookup(ground[i], wetBulb, temperature, logSaturation);
      for (std::size_t k = 0; k < levels; ++k) ta[at + k] = static_cast<float>(temperature[k]);
      if (!wet) continue;
      const double available = std::min(kMostVapour, moist.vapourPa[month * cells + i] / moist.pressurePa);
      moistColumn(restingHumidity, logSaturation, flow.ascent[i] / subsidence, available, column);
      for (std::size_t k = 0; k < levels; ++k) {
        hus[at + k] = static_cast<float>(specificHumidity(column.vapour[k], air));
      }
      clt[month * cells + i] = static_cast<float>(totalCloud(column.layerCloud, grid.sigma));
    }
    const std::size_t at = month * cells * levels;
    winds(grid, body, flow, ground, monthAir, std::span(&ua[at], cells * levels), std::span(&va[at], cells * levels));
  }

  planet::ClimateCube cube;
  cube.grid = grid;
  cube.landFraction = climate.landFraction;
  cube.orographyM.assign(cells, 0.0F);
  using Id = planet::VariableId;
  cube.fields = {{Id::kAirTemperature, std::move(ta)},
                 {Id::kSpecificHumidity, std::move(hus)},
                 {Id::kEastwardWind, std::move(ua)},
                 {Id::kNorthwardWind, std::move(va)},
                 {Id::kSurfaceTemperature, rounded(ts)},
                 {Id::kSurfaceAirPressure, std::vector<float>(columns, static_cast<float>(body.surfacePressurePa))},
                 {Id::kCloudAreaFraction, std::move(clt)},
                 {Id::kSeaIceAreaFraction, rounded(climate.iceFraction)},
                 {Id::kToaNetShortwave, rounded(climate.absorbedShortwaveWm2)},
                 {Id::kToaOutgoingLongwave, rounded(climate.outgoingLongwaveWm2)}};
  return cube;
}

}  // namespace ecumene::data::physics::atmosphere
