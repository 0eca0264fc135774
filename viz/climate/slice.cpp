// SPDX-License-Identifier: Apache-2.0
#include "viz/climate/slice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string_view>

#include "data/base/error.h"

namespace ecumene::viz::climate {
namespace {

using data::planet::ClimateCube;
using data::planet::Field;

constexpr double kDegrees = 180.0 / std::numbers::pi;

void requireBelow(std::string_view what, std::size_t value, std::size_t count) {
  if (value < count) return;
  throw Error(fmt::format("the cube has no such {}", what))
      .on(fmt::format("{} {}", what, value))
      .expected(fmt::format("0 to {}", count - 1));
}

std::size_t levelsOf(const ClimateCube& cube, const SliceChoice& choice) {
  return data::planet::info(choice.variable).onLevels ? cube.grid.sigma.size() : 1;
}

/// Position of a value in a field.
std::size_t placeOf(const ClimateCube& cube, const SliceChoice& choice, std::size_t month, std::size_t level,
                    const Cell& cell) {
  const std::size_t levels = levelsOf(cube, choice);
  const std::size_t cells = cube.grid.cells();
  const std::size_t at = cell.row * cube.grid.longitudeDeg.size() + cell.column;
  return ((choice.epoch * data::planet::kMonths + month) * cells + at) * levels + (levels == 1 ? 0 : level);
}

const Field& requireChoice(const ClimateCube& cube, const SliceChoice& choice) {
  const Field& field = cube.require(choice.variable);
  requireBelow("month", choice.month, data::planet::kMonths);
  if (levelsOf(cube, choice) > 1) requireBelow("level", choice.level, cube.grid.sigma.size());
  requireBelow("epoch", choice.epoch, cube.grid.epochs());
  return field;
}

}  // namespace

CellGrid cellsOf(const data::planet::Grid& grid) {
  CellGrid cells;
  cells.latitudeEdgeDeg.push_back(-90.0);
  double sum = 0.0;
  for (std::size_t row = 0; row + 1 < grid.latitudeWeight.size(); ++row) {
    sum += grid.latitudeWeight[row];
    cells.latitudeEdgeDeg.push_back(std::asin(std::clamp(2.0 * sum - 1.0, -1.0, 1.0)) * kDegrees);
  }
  cells.latitudeEdgeDeg.push_back(90.0);
  const std::vector<double>& centre = grid.longitudeDeg;
  const double wrapped = 0.5 * (centre.front() + centre.back() - 360.0);
  cells.longitudeEdgeDeg.push_back(wrapped);
  for (std::size_t column = 0; column + 1 < centre.size(); ++column) {
    cells.longitudeEdgeDeg.push_back(0.5 * (centre[column] + centre[column + 1]));
  }
  cells.longitudeEdgeDeg.push_back(wrapped + 360.0);
  return cells;
}

Cell cellAt(const CellGrid& grid, double latitudeDeg, double longitudeDeg) {
  const double first = grid.longitudeEdgeDeg.front();
  const double longitude = longitudeDeg - 360.0 * std::floor((longitudeDeg - first) / 360.0);
  const auto indexOf = [](const std::vector<double>& edges, double value) {
    const auto above = std::upper_bound(edges.begin(), edges.end(), value);
    const auto index = std::distance(edges.begin(), above) - 1;
    return static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(index, 0, static_cast<std::ptrdiff_t>(edges.size()) - 2));
  };
  return {indexOf(grid.latitudeEdgeDeg, latitudeDeg), indexOf(grid.longitudeEdgeDeg, longitude)};
}

Slice sliceOf(const ClimateCube& cube, const SliceChoice& choice) {
  const Field& field = requireChoice(cube, choice);
  Slice slice{cellsOf(cube.grid), {}};
  slice.values.reserve(cube.grid.cells());
  for (std::size_t row = 0; row < slice.grid.rows(); ++row) {
    for (std::size_t column = 0; column < slice.grid.columns(); ++column) {
      slice.values.push_back(field.values[placeOf(cube, choice, choice.month, choice.level, {row, column})]);
    }
  }
  return slice;
}

std::optional<Slice> surfaceOf(const ClimateCube& cube, std::span<const float> values) {
  if (values.empty()) return std::nullopt;
  return Slice{cellsOf(cube.grid), {values.begin(), values.end()}};
}

std::vector<float> yearOf(const ClimateCube& cube, const SliceChoice& choice, const Cell& cell) {
  const Field& field = requireChoice(cube, choice);
  std::vector<float> year;
  for (std::size_t month = 0; month < data::planet::kMonths; ++month) {
    year.push_back(field.values[placeOf(cube, choice, month, choice.level, cell)]);
  }
  return year;
}

std::vector<float> profileOf(const ClimateCube& cube, const SliceChoice& choice, const Cell& cell) {
  const Field& field = requireChoice(cube, choice);
  std::vector<float> profile;
  for (std::size_t level = 0; level < levelsOf(cube, choice); ++level) {
    profile.push_back(field.values[placeOf(cube, choice, choice.month, level, cell)]);
  }
  return profile;
}

std::optional<Range> rangeOf(std::span<const float> values) {
  std::optional<Range> range;
  for (const float value : values) {
    if (std::isnan(value)) continue;
    const double number = static_cast<double>(value);
    if (!range) range = Range{number, number};
    range->low = std::min(range->low, number);
    range->high = std::max(range->high, number);
  }
  return range;
}

double meanOf(const Slice& slice, const data::planet::Grid& grid) {
  double sum = 0.0;
  for (std::size_t row = 0; row < slice.grid.rows(); ++row) {
    for (std::size_t column = 0; column < slice.grid.columns(); ++column) {
      sum += grid.cellWeight(row) * static_cast<double>(slice.at({row, column}));
    }
  }
  return sum;
}

}  // namespace ecumene::viz::climate
