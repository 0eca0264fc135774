// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/registry.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "data/base/error.h"
#include "engine/daemon/ids.h"

namespace ecumene::engine::daemon {

namespace fs = std::filesystem;

Registry::Registry(fs::path folder) : folder_(fs::absolute(std::move(folder)).lexically_normal()) {
  std::error_code problem;
  fs::create_directories(folder_, problem);
  if (problem) throw systemError("cannot make the folder of the runs", folder_.string(), problem.value());
}

fs::path Registry::pathOf(const std::string& id) const {
  requireId("run", id);
  return folder_ / id;
}

std::vector<std::string> Registry::ids() const {
  std::vector<std::string> ids;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    if (!fs::is_regular_file(entry.path() / run::kSpecName, ignored)) continue;
    try {
      requireId("run", name);
    } catch (const Error&) {
      continue;  // Made by hand under a name that nobody can ask for.
    }
    ids.push_back(name);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

OpenedRun Registry::open(const std::string& id) {
  const fs::path path = pathOf(id);
  struct stat journal {};
  if (::stat((path / "run.sqlite").c_str(), &journal) != 0 && errno == ENOENT && !fs::exists(path / run::kSpecName)) {
    throw Error("there is no such run").on(id).next("ecumenectl runs");
  }
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.id == id; });
  if (found != kept_.end()) {
    if (found->device == journal.st_dev && found->inode == journal.st_ino) {
      kept_.splice(kept_.begin(), kept_, found);
      return found->run;
    }
    kept_.erase(found);
  }
  auto run = std::make_shared<const run::RunDirectory>(run::RunDirectory::open(path));
  kept_.push_front({id, journal.st_dev, journal.st_ino, run});
  if (kept_.size() > kMostOpen) kept_.pop_back();
  return run;
}

}  // namespace ecumene::engine::daemon
