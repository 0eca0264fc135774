// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/import_path.h"

#include <algorithm>
#include <string_view>

#include "data/base/error.h"

namespace ecumene::engine::protocol {
namespace {

constexpr std::size_t kLongestPath = 2048;
constexpr std::size_t kLongestPart = 255;
constexpr std::size_t kMostParts = 64;
constexpr std::size_t kShown = 200;

bool isName(std::string_view part) {
  return !part.empty() && part.size() <= kLongestPart && part != "." && part != ".." &&
         std::none_of(part.begin(), part.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool isPath(std::string_view path) {
  if (path.size() > kLongestPath) return false;
  for (std::size_t parts = 1; parts <= kMostParts; ++parts) {
    const std::size_t slash = path.find('/');
    if (!isName(path.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
  return false;
}

/// Without what would end a line, or a text.
std::string shown(const std::string& path) {
  std::string text = path.substr(0, kShown);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  return text;
}

}  // namespace

void requireImportPath(const std::string& path) {
  if (isPath(path)) return;
  throw Error("this is no path of a file in an import", ErrorKind::kUsage)
      .on(shown(path))
      .expected(
          "at most 64 names of 1 to 255 bytes with / between, 2048 bytes in all, none of them . or .., without control "
          "characters")
      .next("give the file, or its folder, another name");
}

}  // namespace ecumene::engine::protocol
