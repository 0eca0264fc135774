// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/labels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/physics/atmosphere/column.h"
#include "data/physics/atmosphere/escape.h"
#include "data/physics/ice.h"

namespace ecumene::data::physics::atmosphere {
namespace {

using planet::VariableId;

// Values of the field are float32: so are the bounds.
constexpr float kHabitableLow = 273.0F;
constexpr float kHabitableHigh = 373.0F;
constexpr float kComplexLow = 273.15F;
constexpr float kComplexHigh = 323.15F;
constexpr float kOpenK = 263.15F;
constexpr float kRunawayK = 400.0F;
constexpr double kRunawayExcessWm2 = 0.3;
constexpr double kBeltLatitudeDeg = 30.0;
constexpr double kSnowballOpen = 0.01;
constexpr double kIceFreeOpen = 0.99;
constexpr double kHabitableShare = 0.01;

/// One epoch of a surface field, [12, lat, lon].
std::span<const float> monthsOf(const planet::ClimateCube& cube, VariableId id, std::size_t epoch) {
  const planet::Field& field = cube.require(id);
  const std::size_t size = planet::kMonths * cube.grid.cells();
  if (epoch >= cube.grid.epochs()) {
    throw Error("the cube has no such epoch")
        .on("epoch " + std::to_string(epoch))
        .expected("fewer than " + std::to_string(cube.grid.epochs()));
  }
  if (field.values.size() != cube.expectedSize(id)) {
    throw Error("the field has a wrong size")
        .on(std::string(planet::info(id).name))
        .expected(std::to_string(cube.expectedSize(id)) + " values")
        .found(std::to_string(field.values.size()));
  }
  return std::span(field.values).subspan(epoch * size, size);
}

bool habitableTemperature(float ts) {
  return ts >= kHabitableLow && ts <= kHabitableHigh;
}

/// Area-mean of value(cell index within the epoch) for one month.
template <class Value>
double areaMean(const planet::Grid& grid, std::size_t month, Value&& value) {
  const std::size_t longitudes = grid.longitudeDeg.size();
  double sum = 0.0;
  double weight = 0.0;
  for (std::size_t lat = 0; lat < grid.latitudeDeg.size(); ++lat) {
    double row = 0.0;
    for (std::size_t lon = 0; lon < longitudes; ++lon) row += value(month * grid.cells() + lat * longitudes + lon);
    sum += grid.latitudeWeight[lat] * row / static_cast<double>(longitudes);
    weight += grid.latitudeWeight[lat];
  }
  // Summed in the same order, so that a share of everything is exactly 1.
  return sum / weight;
}

/// Area- and time-mean of value(cell index within the epoch).
template <class Value>
double yearMean(const planet::Grid& grid, Value&& value) {
  double sum = 0.0;
  for (std::size_t month = 0; month < planet::kMonths; ++month) sum += areaMean(grid, month, value);
  return sum / static_cast<double>(planet::kMonths);
}

/// Area that stays open (orbit-mean ts > 263.15 K), whole and within 30 degrees of the equator.
struct OpenArea {
  double all = 0.0;
  double low = 0.0, lowArea = 0.0;
};

OpenArea openArea(const planet::Grid& grid, std::span<const float> ts) {
  std::vector<unsigned char> isOpen(grid.cells());
  for (std::size_t i = 0; i < grid.cells(); ++i) {
    double sum = 0.0;
    for (std::size_t month = 0; month < planet::kMonths; ++month) {
      sum += static_cast<double>(ts[month * grid.cells() + i]);
    }
    isOpen[i] = static_cast<float>(sum / static_cast<double>(planet::kMonths)) > kOpenK ? 1 : 0;
  }
  const auto isLow = [&](std::size_t i) {
    return std::abs(grid.latitudeDeg[i / grid.longitudeDeg.size()]) < kBeltLatitudeDeg;
  };
  OpenArea open;
  open.all = areaMean(grid, 0, [&](std::size_t i) { return isOpen[i] ? 1.0 : 0.0; });
  open.low = areaMean(grid, 0, [&](std::size_t i) { return isOpen[i] && isLow(i) ? 1.0 : 0.0; });
  open.lowArea = areaMean(grid, 0, [&](std::size_t i) { return isLow(i) ? 1.0 : 0.0; });
  return open;
}

planet::Regime regimeOf(bool runaway, bool synchronous, const OpenArea& open) {
  if (runaway) return planet::Regime::kRunaway;
  if (open.all < kSnowballOpen) return planet::Regime::kSnowball;
  if (open.all > kIceFreeOpen) return planet::Regime::kIceFree;
  if (synchronous) return planet::Regime::kEyeball;
  const double low = open.low / open.lowArea;
  const double rest = (open.all - open.low) / (1.0 - open.lowArea);
  return low < rest ? planet::Regime::kBelt : planet::Regime::kCaps;
}

bool hasProfile(const planet::ClimateCube& cube) {
  return cube.find(VariableId::kAirTemperature) != nullptr && cube.find(VariableId::kSpecificHumidity) != nullptr &&
         cube.find(VariableId::kSurfaceAirPressure) != nullptr;
}

/// Saturation rises again above the cold trap: where the topmost level has the least, the trap is not below it.
bool holdsColdTrap(const MeanProfile& profile) {
  double smallest = std::numeric_limits<double>::infinity();
  bool atTop = false;
  for (std::size_t i = 0; i < profile.pressurePa.size(); ++i) {
    const double saturation = saturationMixingRatio(profile.temperatureK[i], profile.pressurePa[i]);
    atTop = saturation <= smallest;
    smallest = std::min(smallest, saturation);
  }
  return !atTop;
}

/// Stratospheric water and the loss of the ocean; methane and hydrogen are mixed evenly up to there.
void labelEscape(planet::ClimateLabels& labels, const planet::ClimateCube& cube, const LabelContext& context) {
  const AirProperties air = airProperties(*context.atmosphere);
  const MeanProfile profile = meanProfile(cube, air, context.epoch);
  if (!context.stratosphereAbove && !holdsColdTrap(profile)) return;
  const double h2o = coldTrapMixingRatio(air, profile, stratosphereK(cube, context.epoch));
  const double dry = 1.0 - h2o;
  labels.stratosphericH2O = h2o;
  labels.oceanLossGyr = oceanLossGyr(h2o, dry * context.atmosphere->ratio(planet::Gas::kCH4),
                                     dry * context.atmosphere->ratio(planet::Gas::kH2));
}

}  // namespace

planet::ClimateLabels computeLabels(const planet::ClimateCube& cube, const LabelContext& context) {
  const planet::Grid& grid = cube.grid;
  const std::span<const float> ts = monthsOf(cube, VariableId::kSurfaceTemperature, context.epoch);

  planet::ClimateLabels labels;
  const auto [coldest, hottest] = std::minmax_element(ts.begin(), ts.end());
  labels.tMinK = static_cast<double>(*coldest);
  labels.tMaxK = static_cast<double>(*hottest);
  bool runaway = context.runaway;
  const auto temperature = [&](std::size_t i) { return static_cast<double>(ts[i]); };
  for (std::size_t month = 0; month < planet::kMonths; ++month) {
    runaway = runaway || static_cast<float>(areaMean(grid, month, temperature)) >= kRunawayK;
  }
  labels.tMeanK = yearMean(grid, temperature);
  labels.fHab = yearMean(grid, [&](std::size_t i) { return habitableTemperature(ts[i]) ? 1.0 : 0.0; });
  labels.h050 =
      yearMean(grid, [&](std::size_t i) { return ts[i] >= kComplexLow && ts[i] <= kComplexHigh ? 1.0 : 0.0; });
  labels.iceFraction = yearMean(grid, [&](std::size_t i) { return physics::iceFraction(temperature(i)); });

  if (context.largestOlrWm2 && cube.find(VariableId::kToaNetShortwave) != nullptr) {
    const std::span<const float> rst = monthsOf(cube, VariableId::kToaNetShortwave, context.epoch);
    const double absorbed = yearMean(grid, [&](std::size_t i) { return static_cast<double>(rst[i]); });
    labels.runawayMarginWm2 = *context.largestOlrWm2 - absorbed;
    runaway = runaway || *labels.runawayMarginWm2 < -kRunawayExcessWm2;
  }

  const OpenArea open = openArea(grid, ts);
  labels.openFraction = open.all;
  labels.regime = regimeOf(runaway, context.synchronous, open);
  if (runaway) labels.fHab = labels.h050 = 0.0;
  const bool water = context.oceanFraction > 0.0 || context.soilMoistureM > 0.0;
  labels.habitable = labels.fHab >= kHabitableShare && !runaway && water;

  if (context.atmosphere && water && hasProfile(cube)) labelEscape(labels, cube, context);
  return labels;
}

}  // namespace ecumene::data::physics::atmosphere
