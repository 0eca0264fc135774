// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "data/base/error.h"
#include "data/commands/commands.h"

namespace ecumene::data::commands {

std::filesystem::path defaultStore() {
  if (const char* store = std::getenv("ECUMENE_STORE"); store != nullptr && *store != '\0') return store;
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0') {
    return std::filesystem::path(data) / "ecumene" / "store";
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') {
    throw Error("no folder for the store", ErrorKind::kUsage).next("give one with --store DIR");
  }
  return std::filesystem::path(home) / ".local" / "share" / "ecumene" / "store";
}

}  // namespace ecumene::data::commands
