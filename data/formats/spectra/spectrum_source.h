// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {

/// Bytes of a cell that a message shows.
inline constexpr std::size_t kLongestWord = 40;

/// The cells of one column: numbers (nan where the file has none) or words, one for each row.
struct SourceCells {
  std::vector<double> numbers;
  std::vector<std::string> words;
};

/// A table of spectra as columns, whatever file it came from.
struct SpectrumSource {
  bool hasHeader = false;
  std::string rowName = "line";              ///< what the file calls a row: "line", "EXTRACT1D row"
  std::vector<TableColumn> columns;          ///< names and units
  std::vector<SourceCells> cells;            ///< of each column
  std::vector<std::size_t> rows;             ///< number of each row in the file, from 1
  std::map<std::string, std::string> facts;  ///< what the header says beside the columns: target, instrument, kind
  std::vector<std::string> aliases;          ///< other names of the target
  /// Units that the file states for all its wavelengths or all its values, not in a column's header.
  std::optional<std::string> wavelengthUnit, valueUnit;
  std::vector<std::string> assumptions;  ///< what the file's reader decided

  /// "line 7"
  [[nodiscard]] std::string place(std::size_t row) const;
  /// A fact by the first of several names that the file has; none if it has none of them.
  [[nodiscard]] std::optional<std::string> fact(std::initializer_list<std::string_view> names) const;
  /// A column as numbers: empty cells are nan, True and False 1 and 0. Throws Error with the place of any other word
  /// and of what is infinite.
  [[nodiscard]] std::vector<double> numbers(std::size_t column) const;
  /// One cell as the file writes it, a number with six digits.
  [[nodiscard]] std::string word(std::size_t column, std::size_t row) const;
  /// Leaves out the rows that are marked; says how many there were and why. Throws Error if none is left.
  void leaveOut(const std::vector<bool>& marked, const std::string& why);
};

/// The source that a table of text is. Of an ECSV table with one row of lists, each element becomes a row.
SpectrumSource textSource(TextTable table);

}  // namespace ecumene::data::formats
