// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

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

/// What the import that `work` makes is refused with; empty if it is taken.
template <class Work>
std::string refusalIn(const Work& work) {
  try {
    static_cast<void>(work());
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

/// The same of a file of this content and name.
inline std::string refusalOf(const std::string& content, const data::formats::ImportOptions& options = {},
                             const std::string& name = "table.csv") {
  return refusalIn([&] { return importText(content, options, name); });
}

/// Whether one of the import's assumptions holds the words.
inline bool says(const data::planet::Import& import, const std::string& words) {
  return std::any_of(import.assumptions.begin(), import.assumptions.end(),
                     [&](const std::string& text) { return text.find(words) != std::string::npos; });
}

/// Whether its assumptions or its conversions hold the words.
inline bool tells(const data::planet::Import& import, const std::string& words) {
  return import.provenance.conversions.find(words) != std::string::npos || says(import, words);
}

/// A fixture's text with the first `from` replaced; fails the test where there is none.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return text.replace(place, from.size(), to);
}

}  // namespace ecumene::test
