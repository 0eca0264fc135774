// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace ecumene::data::planet {

/// The ten variables of a climate cube in canonical order (dataset.md, "Climate cube").
enum class VariableId {
  kAirTemperature,
  kSpecificHumidity,
  kEastwardWind,
  kNorthwardWind,
  kSurfaceTemperature,
  kSurfaceAirPressure,
  kCloudAreaFraction,
  kSeaIceAreaFraction,
  kToaNetShortwave,
  kToaOutgoingLongwave,
};
inline constexpr std::size_t kVariableCount = 10;

struct VariableInfo {
  VariableId id;
  std::string_view name;      ///< CF standard name where one exists; file and dataset name
  std::string_view symbol;    ///< short name of the field ("ts")
  std::string_view unit;      ///< SI, CF spelling
  bool onLevels;              ///< [time, lat, lon, lev] if true, else [time, lat, lon]
  double validMin, validMax;  ///< physical range used by quality checks, inclusive, in `unit`
};

/// The table of variables, in canonical order.
std::span<const VariableInfo, kVariableCount> variables();
const VariableInfo& info(VariableId id);
/// By CF name or symbol; nullptr if there is none.
const VariableInfo* findVariable(std::string_view name);

inline constexpr std::size_t kMonths = 12;
inline constexpr std::size_t kCanonicalLatitudes = 32;
inline constexpr std::size_t kCanonicalLongitudes = 64;
inline constexpr std::size_t kCanonicalLevels = 10;
inline constexpr std::size_t kCanonicalCells = kCanonicalLatitudes * kCanonicalLongitudes;

/// Coordinates of a cube: carried, never assumed.
struct Grid {
  std::vector<double> latitudeDeg;     ///< cell centres, south to north
  std::vector<double> latitudeWeight;  ///< area share of each latitude circle, sums to 1 (Gaussian weights / 2)
  std::vector<double> longitudeDeg;    ///< cell centres, east, ascending from 0
  std::vector<double> sigma;           ///< p / p_s at layer midpoints, from the top down
  std::vector<double> epochGyr;        ///< geological-time axis, stellar age in Gyr; empty: no such axis

  [[nodiscard]] std::size_t cells() const { return latitudeDeg.size() * longitudeDeg.size(); }
  [[nodiscard]] std::size_t epochs() const { return epochGyr.empty() ? 1 : epochGyr.size(); }
  /// Area share of one cell on latitude row `lat`; all cells sum to 1.
  [[nodiscard]] double cellWeight(std::size_t lat) const {
    return latitudeWeight[lat] / static_cast<double>(longitudeDeg.size());
  }
  bool operator==(const Grid&) const = default;
};

/// Gauss-Legendre nodes and weights of order n as latitudes (degrees, south to north) and area shares (sum 1).
/// Newton iteration on the Legendre recurrence to machine precision.
void gaussianLatitudes(std::size_t n, std::vector<double>& latitudeDeg, std::vector<double>& latitudeWeight);

/// T21: 32 Gaussian latitudes, 64 longitudes by 5.625 from 0 E, ExoPlaSim's 10 sigma levels; no geological-time axis.
const Grid& canonicalGrid();

/// One variable, flat, C order: [epoch,] time 12, lat, lon[, lev]. NaN is not a value: a missing variable is absent.
struct Field {
  VariableId id{};
  std::vector<float> values;
  bool operator==(const Field&) const = default;
};

struct ClimateCube {
  Grid grid;
  std::vector<Field> fields;        ///< those present, in canonical order
  std::vector<float> landFraction;  ///< [lat, lon], 0..1; empty: unknown
  std::vector<float> orographyM;    ///< [lat, lon], surface height in m; empty: unknown

  [[nodiscard]] const Field* find(VariableId id) const;
  /// Throws Error naming the variable if it is missing.
  [[nodiscard]] const Field& require(VariableId id) const;
  /// Values a field of this variable holds on this grid.
  [[nodiscard]] std::size_t expectedSize(VariableId id) const;
  bool operator==(const ClimateCube&) const = default;
};

/// Throws Error at the first field whose size, order or finiteness is wrong, naming variable and index.
void validate(const ClimateCube& cube);

struct FieldStatistics {
  double minimum = 0.0;
  double maximum = 0.0;
  double areaWeightedMean = 0.0;  ///< Gaussian weights over latitude; equal over longitude, months, levels, epochs
};
FieldStatistics statistics(const ClimateCube& cube, const Field& field);

}  // namespace ecumene::data::planet
