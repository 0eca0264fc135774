// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {

/// What the YAML header of an ECSV 1.0 table says (Astropy Proposal for Enhancement 6).
struct EcsvHeader {
  std::vector<TableColumn> columns;
  char separator = ' ';
  std::map<std::string, std::string> metadata;            ///< entries of `meta` with one value, keys in lower case
  std::map<std::string, std::vector<std::string>> lists;  ///< entries of `meta` that are lists of values, likewise
};

/// Reads the header's YAML: the lines between "%ECSV 1.0" and the column names, without their "# ". Units that only
/// astropy's __serialized_columns__ states count too. Throws Error with the line (the first is `firstLine`) where it is
/// no YAML, refers to itself, nests deeply, or names no column.
EcsvHeader parseEcsvHeader(std::string_view yaml, std::size_t firstLine);

}  // namespace ecumene::data::formats
