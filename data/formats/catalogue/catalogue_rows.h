// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/planet/collection.h"

namespace ecumene::data::formats {

inline constexpr std::size_t kLargestCatalogueTable = std::size_t{512} << 20U;  ///< bytes of its file

/// What catalogues say of a planet and its star that is kept, or that something kept is derived from.
enum class CatalogueQuantity {
  kInsolation,
  kStarTemperature,
  kStarRadius,
  kPlanetRadius,
  kPeriod,
  kEccentricity,
  kPlanetMass,
  kStarMass,
  kSemiMajorAxis,
};
inline constexpr std::size_t kCatalogueQuantities = 9;

/// One row or element of a catalogue.
struct CatalogueRow {
  std::string place;               ///< "line 12"
  std::vector<std::string> names;  ///< the planet's; the first is the catalogue's own
  std::string host;
  std::array<std::optional<planet::Measurement>, kCatalogueQuantities> values{};  ///< set by CatalogueRows::set
};

/// The entries of a catalogue as they are read: numbers that cannot be true are refused, units become those of
/// planet::scalars(), gravity and stellar flux are derived where they are not stated, rows of one planet are joined.
class CatalogueRows {
 public:
  /// Sets a value given in `unit`, unless it cannot be true: then it is refused with its place and `column`, and the
  /// rest of the row is taken. Limits stay limits.
  void set(CatalogueRow& row, CatalogueQuantity quantity, std::string_view column, std::string_view unit,
           const planet::Measurement& value);

  /// Takes the row, or joins it to an earlier one that names the same planet in whatever spelling. Throws Error where
  /// the planet has no name, a name is too long, or the two differ.
  void take(CatalogueRow row);

  /// Something decided, for the user.
  void assume(std::string what) { import_.assumptions.push_back(std::move(what)); }
  /// Likewise of many rows alike: they are counted, and the first ones are named. `what` comes after the number.
  void count(const std::string& what, const std::string& planet);

  /// The whole catalogue. Throws Error if it holds no planet.
  planet::Import finish(std::string licence, std::string conversions);

 private:
  void deriveGravity(CatalogueRow& row, planet::Scalars& scalars);
  void deriveFlux(CatalogueRow& row, planet::Scalars& scalars);
  void report();

  planet::Import import_;
  std::map<std::string, std::size_t> rowOf_;  ///< normalised name -> index of its entry
  std::vector<std::string> places_;           ///< of the entries
  std::map<std::string, std::vector<std::string>> counted_;
  std::size_t refused_ = 0, joined_ = 0, gravities_ = 0, fluxes_ = 0;
};

/// Calls take(line, "line 12") for each line of a text, without its line end.
template <typename Take>
void forEachLine(std::string_view text, const Take& take) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    take(line, "line " + std::to_string(number));
  }
}

/// Cells of a row of CSV. Throws Error with its place where a quote stays open, or where there are more or fewer than
/// the header has; `columns` is 0 for the header itself.
std::vector<std::string> cellsOf(std::string_view row, const std::string& here, std::size_t columns);

/// A value with its errors: 1-sigma is the mean of both, or the one that is stated.
planet::Measurement measured(double value, std::optional<double> up, std::optional<double> down);

}  // namespace ecumene::data::formats
