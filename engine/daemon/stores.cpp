// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/stores.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <vector>

#include "data/base/error.h"

namespace ecumene::engine::daemon {

const std::filesystem::path& Stores::folderOf(const std::string& id) const {
  const auto found = folders_.find(id);
  if (found != folders_.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [name, folder] : folders_) known.push_back(name);
  throw Error("the daemon has no such store", ErrorKind::kUsage)
      .on(id.substr(0, 64))
      .expected(fmt::format("one of {}", fmt::join(known, ", ")));
}

OpenedStore Stores::open(const std::string& id) {
  const std::filesystem::path& folder = folderOf(id);
  struct stat catalogue {};
  const bool there = ::stat((folder / "catalogue.sqlite").c_str(), &catalogue) == 0;
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(id);
  if (found != kept_.end()) {
    if (there && found->second.device == catalogue.st_dev && found->second.inode == catalogue.st_ino) {
      return found->second.store;
    }
    kept_.erase(found);
  }
  auto store = std::make_shared<const data::store::Store>(data::store::Store::open(folder, data::store::Mode::kRead));
  if (there) kept_.emplace(id, Kept{catalogue.st_dev, catalogue.st_ino, store});
  return store;
}

}  // namespace ecumene::engine::daemon
