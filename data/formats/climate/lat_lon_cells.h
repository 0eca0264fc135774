// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ecumene::data::formats {

inline constexpr double kAroundDeg = 360.0;
inline constexpr double kSameDeg = 1e-3;  ///< files keep coordinates as float32, or with few digits

/// Cells of a rectilinear grid that covers the globe once, in the file's order.
struct LatLonCells {
  std::vector<std::pair<double, double>> rows;     ///< sines of each row's southern and northern edge
  std::vector<std::pair<double, double>> columns;  ///< degrees east of each column's western and eastern edge
  double capDeg = 0.0;    ///< how far the outermost rows were made longer, to the poles; 0 if they end there
  bool gaussian = false;  ///< rows are those of Gaussian quadrature, their weights the areas
};

/// Cells around centres. Gaussian latitudes (to 1e-3 degrees) get the areas of their quadrature weights; other rows,
/// and columns, the stated bounds ([n][2], empty if none), else edges half-way between the centres, where the outermost
/// rows reach the poles if no more than half a row is missing to there. Throws Error, naming `latitude` or `longitude`,
/// where the centres are not strictly monotonic or the cells leave out part of the globe or cover it twice.
struct Axis {
  std::string name;
  std::vector<double> centres, bounds;
};
LatLonCells cellsOf(const Axis& latitude, const Axis& longitude);

/// The canonical T21 grid's cells.
const LatLonCells& canonicalCells();

/// First-order conservative means onto the canonical grid: each target cell is the mean of what it overlaps, by area
/// (Jones 1999, Mon. Weather Rev. 127, 2204, with a constant in each source cell). The area mean of a whole field
/// stays what it was.
class ConservativeMap {
 public:
  /// Source columns lie `shiftDeg` further east in the target.
  explicit ConservativeMap(const LatLonCells& source, double shiftDeg = 0.0);

  [[nodiscard]] std::size_t sourceCells() const { return rows_ * columns_; }
  /// values: source row by row, NaN where there is none. mean, share: of the 32 x 64 target cells; share is the part of
  /// the cell's area that has values, the mean is over that part and NaN where it is 0.
  void apply(std::span<const double> values, std::span<double> mean, std::span<double> share) const;

 private:
  struct Part {
    std::size_t source = 0;
    double weight = 0.0;  ///< of the target's extent
  };
  std::size_t rows_, columns_;
  std::vector<std::vector<Part>> rowParts_, columnParts_;  ///< by target row and column
};

}  // namespace ecumene::data::formats
