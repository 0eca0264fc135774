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
#include "data/physics/atmosphere/winds.h"
#include "data/physics/constants.h"

namespace ecumene::data::physics::atmosphere {
namespace {

constexpr double kColdestK = 60.0;
constexpr double kHottestK = 1000.0;
constexpr double kHumidityContrast = 0.25;
constexpr double kUpdraftMoistening = 0.8;
constexpr double kAscentScale = 1e-7;  // s-1, the column turned over in 116 days

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

/// Saturated over the mean ground, as its pseudo-adiabat starts: so the dry air there has the pressure that the truth
/// gives it. (The mean over cells of their saturation pressures would let a few hot deserts, which are dry, fill the
/// air.)
double meanVapourPressurePa(const std::vector<double>& surfaceTemperatureK, const planet::Grid& grid) {
  const std::size_t longitudes = grid.longitudeDeg.size();
  const std::size_t cells = grid.cells();
  double mean = 0.0;
  for (std::size_t i = 0; i < surfaceTemperatureK.size(); ++i) {
    mean += grid.cellWeight(i % cells / longitudes) * surfaceTemperatureK[i];
  }
  return saturationPressurePa(mean / planet::kMonths);
}

double liftedHumidity(double humidity, double lift) {
  return humidity * (1.0 + kHumidityContrast * lift);
}

/// In the updrafts of the cell, where its clouds are.
double updraftHumidity(double humidity, double lift) {
  return humidity + kUpdraftMoistening * std::max(0.0, lift) * (1.0 - humidity);
}

/// Vapour (mole fraction) and cloud cover of one column.
struct MoistColumn {
  std::vector<double> vapour;
  double cloud = 0.0;
};

/// lift in [-1, 1]: sinking to rising air.
void moistColumn(std::span<const double> baseHumidity, std::span<const double> logSaturation, double lift,
                 MoistColumn& column) {
  double clear = 1.0;
  double coverBelow = 0.0;
  for (std::size_t k = baseHumidity.size(); k-- > 0;) {
    const double humidity = liftedHumidity(baseHumidity[k], lift);
    column.vapour[k] = humidity * std::exp(logSaturation[k]);
    // A cover of 1 below leaves no clear sky; cover stays below 1 because the humidity does.
    const double cover = sundqvistCloud(updraftHumidity(humidity, lift));
    clear *= (1.0 - std::max(cover, coverBelow)) / (1.0 - coverBelow);
    coverBelow = cover;
  }
  column.cloud = 1.0 - clear;
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
  body.surfacePressurePa = truth.atmosphere.surfacePressurePa + (wet ? meanVapourPressurePa(ts, grid) : 0.0);

  const auto [coldest, hottest] = std::minmax_element(ts.begin(), ts.end());
  const ColumnTable table(air, wet ? Moisture::kSaturated : Moisture::kDry, body.surfacePressurePa, grid.sigma,
                          *coldest, *hottest);
  std::vector<double> baseHumidity(levels);
  std::transform(grid.sigma.begin(), grid.sigma.end(), baseHumidity.begin(), manabeWetheraldHumidity);
  const double diffusion = impliedDiffusion(grid, climate);

  std::vector<float> ta(columns * levels);
  std::vector<float> hus(columns * levels, 0.0F);
  std::vector<float> ua(columns * levels);
  std::vector<float> va(columns * levels);
  std::vector<float> clt(columns, 0.0F);
  std::vector<double> monthAir(cells * levels);
  std::vector<double> logSaturation(levels);
  MoistColumn moist{std::vector<double>(levels)};
  for (std::size_t month = 0; month < planet::kMonths; ++month) {
    const std::span<const double> ground(&ts[month * cells], cells);
    const Overturning flow = overturning(grid, body, diffusion, ground);
    for (std::size_t i = 0; i < cells; ++i) {
      const std::size_t at = (month * cells + i) * levels;
      const std::span<double> temperature(&monthAir[i * levels], levels);
      table.lookup(ground[i], temperature, logSaturation);
      for (std::size_t k = 0; k < levels; ++k) ta[at + k] = static_cast<float>(temperature[k]);
      if (!wet) continue;
      const double lift = std::tanh(flow.ascent[i] / kAscentScale);
      moistColumn(baseHumidity, logSaturation, lift, moist);
      for (std::size_t k = 0; k < levels; ++k) {
        hus[at + k] = static_cast<float>(specificHumidity(moist.vapour[k], air));
      }
      clt[month * cells + i] = static_cast<float>(moist.cloud);
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
