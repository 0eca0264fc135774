// SPDX-License-Identifier: Apache-2.0
#include "data/planet/cube.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "data/base/error.h"

namespace ecumene::data::planet {
namespace {

constexpr std::array<VariableInfo, kVariableCount> kVariables{{
    {VariableId::kAirTemperature, "air_temperature", "ta", "K", true, 30.0, 1000.0},
    {VariableId::kSpecificHumidity, "specific_humidity", "hus", "1", true, 0.0, 1.0},
    {VariableId::kEastwardWind, "eastward_wind", "ua", "m s-1", true, -500.0, 500.0},
    {VariableId::kNorthwardWind, "northward_wind", "va", "m s-1", true, -500.0, 500.0},
    {VariableId::kSurfaceTemperature, "surface_temperature", "ts", "K", false, 30.0, 1000.0},
    {VariableId::kSurfaceAirPressure, "surface_air_pressure", "ps", "Pa", false, 1.0, 1e8},
    {VariableId::kCloudAreaFraction, "cloud_area_fraction", "clt", "1", false, 0.0, 1.0},
    {VariableId::kSeaIceAreaFraction, "sea_ice_area_fraction", "sic", "1", false, 0.0, 1.0},
    {VariableId::kToaNetShortwave, "toa_net_shortwave", "rst", "W m-2", false, 0.0, 20000.0},
    {VariableId::kToaOutgoingLongwave, "toa_outgoing_longwave", "rlut", "W m-2", false, 0.0, 20000.0},
}};

}  // namespace

std::span<const VariableInfo, kVariableCount> variables() {
  return kVariables;
}

const VariableInfo& info(VariableId id) {
  return kVariables.at(static_cast<std::size_t>(id));
}

const VariableInfo* findVariable(std::string_view name) {
  const auto row = std::find_if(kVariables.begin(), kVariables.end(),
                                [&](const VariableInfo& v) { return v.name == name || v.symbol == name; });
  return row == kVariables.end() ? nullptr : &*row;
}

void gaussianLatitudes(std::size_t n, std::vector<double>& latitudeDeg, std::vector<double>& latitudeWeight) {
  latitudeDeg.assign(n, 0.0);
  latitudeWeight.assign(n, 0.0);
  const double order = static_cast<double>(n);
  for (std::size_t i = 0; i < n; ++i) {
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (order + 0.5));
    double slope = 0.0;
    for (int iteration = 0; iteration < 100; ++iteration) {
      double previous = 1.0;
      double value = x;
      for (std::size_t k = 2; k <= n; ++k) {
        const double degree = static_cast<double>(k);
        const double next = ((2.0 * degree - 1.0) * x * value - (degree - 1.0) * previous) / degree;
        previous = value;
        value = next;
      }
      slope = order * (x * value - previous) / (x * x - 1.0);
      const double step = value / slope;
      x -= step;
      if (std::abs(step) < 1e-15) break;
    }
    // x descends from the north; rows go from the south.
    latitudeDeg[n - 1 - i] = std::asin(x) * 180.0 / std::numbers::pi;
    latitudeWeight[n - 1 - i] = 1.0 / ((1.0 - x * x) * slope * slope);
  }
}

const Grid& canonicalGrid() {
  static const Grid grid = [] {
    Grid g;
    gaussianLatitudes(kCanonicalLatitudes, g.latitudeDeg, g.latitudeWeight);
    for (std::size_t i = 0; i < kCanonicalLongitudes; ++i) g.longitudeDeg.push_back(5.625 * static_cast<double>(i));
    g.sigma = {0.0383, 0.1191, 0.2108, 0.3168, 0.4368, 0.5668, 0.6994, 0.8233, 0.9241, 0.9833};
    return g;
  }();
  return grid;
}

const Field* ClimateCube::find(VariableId id) const {
  const auto row = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.id == id; });
  return row == fields.end() ? nullptr : &*row;
}

const Field& ClimateCube::require(VariableId id) const {
  const Field* field = find(id);
  if (field == nullptr) throw Error("the climate cube lacks a variable").expected(std::string(info(id).name));
  return *field;
}

std::size_t ClimateCube::expectedSize(VariableId id) const {
  return grid.epochs() * kMonths * grid.cells() * (info(id).onLevels ? grid.sigma.size() : 1);
}

void validate(const ClimateCube& cube) {
  const Grid& grid = cube.grid;
  if (grid.latitudeDeg.size() != grid.latitudeWeight.size() || grid.cells() == 0) {
    throw Error("the grid of the climate cube is not whole").expected("as many latitude weights as latitudes");
  }
  if (!std::is_sorted(grid.latitudeDeg.begin(), grid.latitudeDeg.end())) {
    throw Error("the latitudes of the climate cube are not from south to north");
  }
  int last = -1;
  for (const Field& field : cube.fields) {
    const std::string name(info(field.id).name);
    if (static_cast<int>(field.id) <= last) throw Error("the fields are not in canonical order").on(name);
    last = static_cast<int>(field.id);
    if (field.values.size() != cube.expectedSize(field.id)) {
      throw Error("the field has a wrong size")
          .on(name)
          .expected(std::to_string(cube.expectedSize(field.id)) + " values")
          .found(std::to_string(field.values.size()));
    }
    const auto bad = std::find_if(field.values.begin(), field.values.end(), [](float v) { return !std::isfinite(v); });
    if (bad != field.values.end()) {
      throw Error("the field holds a value that is not finite")
          .on(name + "[" + std::to_string(bad - field.values.begin()) + "]");
    }
  }
  for (const auto* surface : {&cube.landFraction, &cube.orographyM}) {
    if (!surface->empty() && surface->size() != grid.cells()) throw Error("a surface map has a wrong size");
  }
}

FieldStatistics statistics(const ClimateCube& cube, const Field& field) {
  const Grid& grid = cube.grid;
  const std::size_t levels = info(field.id).onLevels ? grid.sigma.size() : 1;
  const std::size_t row = grid.longitudeDeg.size() * levels;
  const std::size_t latitudes = grid.latitudeDeg.size();
  FieldStatistics result{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), 0.0};
  double weighted = 0.0;
  double weight = 0.0;
  for (std::size_t start = 0, r = 0; start < field.values.size(); start += row, ++r) {
    double sum = 0.0;
    for (std::size_t i = start; i < start + row; ++i) {
      const double value = static_cast<double>(field.values[i]);
      result.minimum = std::min(result.minimum, value);
      result.maximum = std::max(result.maximum, value);
      sum += value;
    }
    weighted += sum * grid.latitudeWeight[r % latitudes];
    weight += static_cast<double>(row) * grid.latitudeWeight[r % latitudes];
  }
  result.areaWeightedMean = weighted / weight;
  return result;
}

}  // namespace ecumene::data::planet
