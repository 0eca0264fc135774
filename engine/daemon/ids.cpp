// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/ids.h"

#include <algorithm>

#include "data/base/error.h"

namespace ecumene::engine::daemon {
namespace {

constexpr std::size_t kLongest = 64;

bool isLetterOrDigit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

void requireId(std::string_view what, const std::string& id) {
  const bool valid =
      !id.empty() && id.size() <= kLongest && isLetterOrDigit(id.front()) &&
      std::all_of(id.begin(), id.end(), [](char c) { return isLetterOrDigit(c) || c == '.' || c == '_' || c == '-'; });
  if (valid) return;
  throw Error("this is no " + std::string(what) + "'s name", ErrorKind::kUsage)
      .on(id.substr(0, kLongest))
      .expected("1 to 64 of A-Z a-z 0-9 . _ -, beginning with a letter or a digit");
}

}  // namespace ecumene::engine::daemon
