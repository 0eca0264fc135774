// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace ecumene::test {

/// The folder of outside data; none where it is absent.
inline std::optional<std::filesystem::path> sharedData() {
  const char* shared = std::getenv("ECUMENE_SHARED");
  if (shared == nullptr) return std::nullopt;
  const std::filesystem::path data = std::filesystem::path(shared) / "data";
  if (!std::filesystem::exists(data)) return std::nullopt;
  return data;
}

}  // namespace ecumene::test

#define ECUMENE_NEEDS_SHARED(path)               \
  const auto path = ecumene::test::sharedData(); \
  if (!path) GTEST_SKIP() << "the outside data ($ECUMENE_SHARED/data) is not on this machine"
