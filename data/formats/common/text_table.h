// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecumene::data::formats {

struct TableColumn {
  std::string name;                 ///< as the header has it, without its unit; "" where the file has no header
  std::optional<std::string> unit;  ///< as the header has it
  bool isList = false;              ///< each cell is a JSON list (ECSV's subtypes with a shape)
};

/// A table of text cells with whatever header it has: CSV, ECSV 1.0, or columns separated by blanks.
struct TextTable {
  bool hasHeader = false;
  bool isEcsv = false;
  bool mayBeCut = false;  ///< the last row ends in a number and without a line end
  std::vector<TableColumn> columns;
  std::vector<std::vector<std::string>> rows;             ///< each has columns.size() cells
  std::vector<std::size_t> lines;                         ///< line number of each row, from 1
  std::vector<std::string> comments;                      ///< without their marker
  std::map<std::string, std::string> metadata;            ///< "Key: value" comments and ECSV meta, keys in lower case
  std::map<std::string, std::vector<std::string>> lists;  ///< of ECSV meta: its lists, keys in lower case
  std::map<std::string, std::string> directives;          ///< "@DEPTH_UNITS" -> "ppm"
};

/// Column of this name (as written, or any case) or 1-based number; none if there is no such column.
std::optional<std::size_t> findColumn(std::span<const TableColumn> columns, std::string_view nameOrNumber);

/// Cells of one CSV line: quotes doubled inside quotes. Throws Error on an open quote.
std::vector<std::string> splitCsv(std::string_view line, char separator = ',');
std::vector<std::string> splitBlanks(std::string_view line);
std::string trim(std::string_view text);
std::string lower(std::string_view text);
/// The whole cell as a number ("nan", "inf" and Fortran's "1.0D+00" included); none if it is not one.
std::optional<double> parseNumber(std::string_view cell);
/// Whether the cell is no number, but would be one with its comma as a point ("0,0211").
bool hasDecimalComma(std::string_view cell);
/// What to do about them.
inline constexpr const char* kPointForComma =
    "decimal commas are not read: write points, as by sed 's/,/./g' FILE > NEW";

/// Reads a table from plain text (text_file.h). `complete` is false where `text` is only a file's beginning: its last
/// line is then left out. Throws Error with the line number where rows differ in length or nothing is a table.
TextTable parseTextTable(std::string_view text, bool complete = true);

}  // namespace ecumene::data::formats
