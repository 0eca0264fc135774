// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "data/formats/common/format.h"

// What every file of the outside data must give: import_table.csv, written before the importers.
namespace ecumene::test {

struct ImportRow {
  std::string path;     ///< below the outside data; a star stands for any name
  std::string options;  ///< words after --set
  std::string outcome;  ///< "imported" or "refused"
  std::string kind;
  std::vector<std::string> words;  ///< that assumptions, conversions or the error hold
  std::map<std::string, std::size_t> counts;
};

/// gtest prints bytes of an unknown type otherwise.
inline void PrintTo(const ImportRow& row, std::ostream* out) {
  *out << row.path << " " << row.options;
}

std::vector<ImportRow> importTable();
data::formats::ImportOptions optionsOf(const ImportRow& row);
bool covers(const ImportRow& row, const std::string& file);
/// Files of the folders that the table is about, relative to the outside data, sorted.
std::vector<std::string> outsideFiles(const std::filesystem::path& shared);
std::vector<std::string> splitAt(const std::string& text, char separator);

}  // namespace ecumene::test
