// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <fstream>
#include <string>

#include "data/base/error.h"
#include "data/formats/registry.h"
#include "tests/support/temp_folder.h"

namespace ecumene::test {

/// Imports a file of this content and name.
inline data::planet::Import importText(const std::string& content, const data::formats::ImportOptions& options = {},
                                       const std::string& name = "table.csv") {
  const TempFolder folder;
  std::ofstream(folder / name, std::ios::binary) << content;
  return data::formats::importFile(folder / name, options);
}

/// What the import is refused with; empty if it is taken.
inline std::string refusalOf(const std::string& content, const data::formats::ImportOptions& options = {},
                             const std::string& name = "table.csv") {
  try {
    importText(content, options, name);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

/// Whether one of the import's assumptions holds the words.
inline bool says(const data::planet::Import& import, const std::string& words) {
  return std::any_of(import.assumptions.begin(), import.assumptions.end(),
                     [&](const std::string& text) { return text.find(words) != std::string::npos; });
}

}  // namespace ecumene::test
