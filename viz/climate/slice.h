// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "data/planet/cube.h"

namespace ecumene::viz::climate {

/// Cells of a grid by their borders.
struct CellGrid {
  std::vector<double> latitudeEdgeDeg;   ///< rows + 1, from -90 to 90
  std::vector<double> longitudeEdgeDeg;  ///< columns + 1, ascending, 360 apart from first to last
  [[nodiscard]] std::size_t rows() const { return latitudeEdgeDeg.size() - 1; }
  [[nodiscard]] std::size_t columns() const { return longitudeEdgeDeg.size() - 1; }
  bool operator==(const CellGrid&) const = default;
};

/// Rows get their share of the sphere: the edge above row k is asin(2 (w_0 + ... + w_k) - 1), so that on a Gaussian
/// grid drawn areas are the weights of every mean. Columns are centred on the grid's longitudes.
CellGrid cellsOf(const data::planet::Grid& grid);

struct Cell {
  std::size_t row = 0, column = 0;
  bool operator==(const Cell&) const = default;
};
/// The cell that holds a point; latitude -90 to 90, any longitude.
Cell cellAt(const CellGrid& grid, double latitudeDeg, double longitudeDeg);

/// One variable at one month and level.
struct Slice {
  CellGrid grid;
  std::vector<float> values;  ///< [row, column]; NaN: missing
  [[nodiscard]] float at(const Cell& cell) const { return values[cell.row * grid.columns() + cell.column]; }
};

/// What is shown of a cube: which variable, when, how high.
struct SliceChoice {
  data::planet::VariableId variable = data::planet::VariableId::kSurfaceTemperature;
  std::size_t month = 0;  ///< 0 to 11
  std::size_t level = 0;  ///< from the top down; ignored for surface variables
  std::size_t epoch = 0;
  bool operator==(const SliceChoice&) const = default;
};

/// Throws Error if the cube lacks the variable, or has no such month, level or epoch.
Slice sliceOf(const data::planet::ClimateCube& cube, const SliceChoice& choice);
/// A slice of something stored once for the cube (land fraction); empty values give none.
std::optional<Slice> surfaceOf(const data::planet::ClimateCube& cube, std::span<const float> values);

/// The 12 values of a cell through the year, at the choice's level and epoch.
std::vector<float> yearOf(const data::planet::ClimateCube& cube, const SliceChoice& choice, const Cell& cell);
/// The values of a cell from the top down, at the choice's month and epoch; one value for surface variables.
std::vector<float> profileOf(const data::planet::ClimateCube& cube, const SliceChoice& choice, const Cell& cell);

struct Range {
  double low = 0.0, high = 0.0;
};
/// Smallest and largest number; none if there are only NaN.
std::optional<Range> rangeOf(std::span<const float> values);
/// Area-weighted mean of a slice of a cube on that grid.
double meanOf(const Slice& slice, const data::planet::Grid& grid);

}  // namespace ecumene::viz::climate
