// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {

inline constexpr double kLargestSimulationId = 1e9;

/// Paths, from the folder of the archive, of the tables that the collection has beside it.
std::vector<std::string_view> thousandworldsTableFiles();

/// What the tables beside the archive say of its simulations. Each may be absent.
struct ThousandworldsTables {
  std::optional<TextTable> inputs;                  ///< a row for each simulation
  std::map<long, std::size_t> inputRow;             ///< by simulation
  std::map<long, std::vector<std::string>> splits;  ///< by simulation: "multi-partial/test"
  std::map<std::string, std::string> scores;        ///< by split: what published methods reached on it, in words
  std::string scoresSha256;                         ///< of the table that they stand in

  /// The cell of a simulation's row of `inputs`. Throws Error if there is no such column.
  [[nodiscard]] const std::string& input(std::size_t row, const std::string& column) const;
};

/// `folder` holds the archive. Throws Error, with the table, if one is damaged.
ThousandworldsTables readThousandworldsTables(const std::filesystem::path& folder);

/// Names of all splits that the collection has.
std::vector<std::string> thousandworldsSplits();

}  // namespace ecumene::data::formats
