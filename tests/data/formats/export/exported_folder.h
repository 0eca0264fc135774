// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>

#include "data/formats/export/export.h"
#include "data/formats/registry.h"
#include "tests/support/temp_folder.h"

namespace ecumene::test {

/// A planet's folder as it is exported; gone at the end.
struct ExportedFolder {
  TempFolder parent;
  data::formats::Exported exported;
  explicit ExportedFolder(const data::planet::Planet& planet)
      : exported(data::formats::exportPlanet(planet, parent.path(), false)) {}
  [[nodiscard]] std::filesystem::path operator/(const std::string& file) const { return exported.folder / file; }
  [[nodiscard]] bool has(const std::string& file) const { return std::filesystem::exists(*this / file); }
  [[nodiscard]] data::planet::Import read(const std::string& file,
                                          const data::formats::ImportOptions& options = {}) const {
    return data::formats::importFile(*this / file, options);
  }
  /// Whether it is said of this file that something is left out, in these words.
  [[nodiscard]] bool says(const std::string& file, const std::string& words) const {
    return std::any_of(exported.leftOut.begin(), exported.leftOut.end(), [&](const std::string& what) {
      return what.starts_with(file + ":") && what.find(words) != std::string::npos;
    });
  }
};

}  // namespace ecumene::test
