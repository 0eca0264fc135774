// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/formats/catalogue/catalogue_rows.h"

namespace ecumene::data::formats {

/// Tables of the NASA Exoplanet Archive, however they are written down: of planets (pl_name), of Kepler's objects of
/// interest (kepoi_name) and of TESS's (toi), with the columns as the archive defines them.
class ArchiveTable {
 public:
  /// Whether a header is that of such a table.
  static bool isOne(std::span<const std::string> columns);

  /// `stated`: units that the file states, by column; an empty one means none. Throws Error for a column that stands
  /// twice, or that has another unit than the archive's.
  ArchiveTable(std::vector<std::string> columns, const std::map<std::string, std::string>& stated);

  /// Cells of one row; an empty one is absent. Throws Error with the place for a cell that is no number.
  void take(std::span<const std::string> cells, const std::string& place);
  planet::Import finish();

 private:
  /// Positions of one column of the archive and its companions.
  struct Place {
    std::optional<std::size_t> value, upperError, lowerError, limit;
  };
  [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const;
  [[nodiscard]] std::string cell(std::span<const std::string> cells, const char* name) const;
  [[nodiscard]] std::optional<double> number(std::span<const std::string> cells,
                                             const std::optional<std::size_t>& column, const std::string& place) const;
  void nameRow(CatalogueRow& row, std::span<const std::string> cells) const;
  [[nodiscard]] std::optional<std::string> reasonToLeaveOut(std::span<const std::string> cells) const;

  std::vector<std::string> columns_;
  std::vector<Place> places_;
  std::string fromJupiters_;  ///< what is said of that conversion, where it was made
  CatalogueRows rows_;
};

}  // namespace ecumene::data::formats
