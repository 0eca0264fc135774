// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/formats/climate/cf_names.h"
#include "data/formats/climate/lat_lon_cells.h"
#include "data/formats/common/netcdf_file.h"

namespace ecumene::data::formats {

/// Share of a cell from which on it has values everywhere: edges of float32 round.
inline constexpr double kWholeShare = 1.0 - 1e-6;

/// What a dimension of a climate file is.
enum class AxisKind { kNone, kLatitude, kLongitude, kLevel, kTime };
inline constexpr std::size_t kAxisKinds = 5;

/// A variable on latitudes and longitudes, and perhaps levels and times, in any order of its dimensions.
struct CfVariable {
  NetcdfVariable variable;
  std::array<std::optional<std::size_t>, kAxisKinds> axis;  ///< index of the dimension of each kind

  [[nodiscard]] bool has(AxisKind kind) const { return axis[static_cast<std::size_t>(kind)].has_value(); }
  /// Length along an axis; 1 if the variable has no such axis.
  [[nodiscard]] std::size_t length(AxisKind kind) const;
  /// Name of the dimension; empty if the variable has no such axis.
  [[nodiscard]] std::string dimension(AxisKind kind) const;
  /// Whether both stand on the same dimension of a kind, or both on none.
  [[nodiscard]] bool shares(const CfVariable& other, AxisKind kind) const {
    return dimension(kind) == other.dimension(kind);
  }
};

/// A variable of the file that was taken for a quantity, and how it comes into the quantity's unit.
struct CfSource {
  CfVariable variable;
  Quantity quantity{};
  std::string unit{};  ///< that its numbers are read in
  double factor = 1.0, offset = 0.0;
};

/// The horizontal cells of one pair of dimensions, and their map onto the canonical grid.
struct CfGrid {
  LatLonCells cells;
  ConservativeMap map;
  bool cyclic = false;  ///< the file repeats its first column after the last
};

/// A NetCDF file seen by the CF conventions: what its dimensions are, by coordinate variables and their attributes
/// (CF 4), by names where they have none. Throws Error with names where latitudes or longitudes are no rectilinear
/// grid.
class CfFile {
 public:
  /// `shiftDeg`: degrees by which the planet is turned east on its way to the canonical grid.
  explicit CfFile(const NetcdfFile& file, double shiftDeg = 0.0);

  [[nodiscard]] const NetcdfFile& file() const { return file_; }
  /// The variable as one of maps; none if it does not stand on a latitude and a longitude, or on more than a level and
  /// a time beside them.
  [[nodiscard]] std::optional<CfVariable> map(const std::string& name) const;
  /// Throws Error, with the command that writes the file anew, if the chunks that one map needs are too large to be
  /// kept and hold others too: each would be unpacked anew for map after map.
  void requireKeptChunks(const CfVariable& variable) const;
  /// Variables of one dimension that run along this one, the coordinate variable first.
  [[nodiscard]] std::vector<NetcdfVariable> along(const std::string& dimension) const;
  /// The cells that a map stands on; made once for each pair of dimensions.
  [[nodiscard]] const CfGrid& grid(const CfVariable& variable) const;
  /// Values of a variable of one dimension. Throws Error if they are more than any axis has, or one is missing.
  [[nodiscard]] std::vector<double> axisValues(const NetcdfVariable& variable) const;
  /// "level 2 (lev 500), latitude 12.5, longitude 30": where a value of a map lies, by the file's coordinates. `row`
  /// and `column` count along its latitudes and longitudes.
  [[nodiscard]] std::string placeOf(const CfVariable& variable, std::size_t level, std::size_t row,
                                    std::size_t column) const;
  /// [n][2] bounds that a coordinate names; empty if it names none that fit it.
  [[nodiscard]] std::vector<double> boundsOf(const NetcdfVariable& coordinate) const;

 private:
  const NetcdfFile& file_;
  double shiftDeg_;
  std::map<std::string, std::vector<NetcdfVariable>> along_;  ///< by dimension
  std::map<std::string, AxisKind> kinds_;                     ///< by dimension
  std::map<std::string, NetcdfVariable> axes_;                ///< the variable that said so
  mutable std::map<std::string, std::unique_ptr<CfGrid>> grids_;
};

/// Maps of one variable, one level of one time after another, in the quantity's unit.
class CfMaps {
 public:
  CfMaps(const CfFile& cf, CfSource source);

  [[nodiscard]] const CfVariable& variable() const { return source_.variable; }
  [[nodiscard]] const CfGrid& grid() const { return grid_; }
  /// The map on the file's own cells, row by row, NaN where a value is missing; valid until the next call. Of a
  /// variable without a time the same at every step.
  std::span<double> at(std::size_t step, std::size_t level);
  /// Throws ImpossibleValue, with the place and what helps, if one of the values that at() gave last, or what they were
  /// made into, is none that the quantity can have.
  void requirePossible(Quantity quantity) const;
  void requirePossible() const { requirePossible(source_.quantity); }

 private:
  [[nodiscard]] std::size_t storedAt(std::size_t row, std::size_t column) const;

  const CfFile& cf_;
  CfSource source_;
  const CfGrid& grid_;
  NetcdfPacking packing_;
  std::size_t step_ = 0, level_ = 0;  ///< of the last map
  struct DropChunks {
    NetcdfVariable variable;
    void operator()(const NetcdfFile* file) const { file->dropChunks(variable); }
  };
  std::unique_ptr<const NetcdfFile, DropChunks> keptChunks_;  ///< of one variable at a time
  std::vector<double> stored_, values_;  ///< in the file's unit and order; in the quantity's, row by row
};

}  // namespace ecumene::data::formats
