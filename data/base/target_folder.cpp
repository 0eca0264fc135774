// SPDX-License-Identifier: Apache-2.0
#include "data/base/target_folder.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "data/base/error.h"

namespace ecumene {

namespace fs = std::filesystem;

void requireAbsentOrEmpty(const fs::path& folder, const std::function<bool(const std::string& name)>& leftOver) {
  std::error_code failure;
  // A link to nowhere is something, too.
  if (fs::symlink_status(folder, failure).type() == fs::file_type::not_found) return;
  const auto refused = [&](std::string found) {
    return Error("there is something at the target already, and nothing is overwritten")
        .on(folder.string())
        .expected("a folder that is absent or empty")
        .found(std::move(found))
        .next("name another one");
  };
  if (!fs::is_directory(folder, failure)) throw refused("no folder");
  fs::directory_iterator entry(folder, failure);
  for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
    const std::string name = entry->path().filename().string();
    if (!leftOver || !leftOver(name)) throw refused("'" + name + "'");
  }
  if (failure) throw systemError("cannot read the folder", folder.string(), failure.value());
}

void putInPlace(const fs::path& from, const fs::path& to) {
  // Takes the place of nothing and of an empty folder.
  if (::rename(from.c_str(), to.c_str()) == 0) return;
  const bool occupied = errno == ENOTEMPTY || errno == EEXIST;
  if (occupied && ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0) return;
  throw systemError("cannot put the folder in place; what stood there stands", to.string(), errno);
}

}  // namespace ecumene
