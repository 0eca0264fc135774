// SPDX-License-Identifier: Apache-2.0
#include "engine/transfer/placing.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/target_folder.h"
#include "data/planet/codec.h"
#include "data/quality/quality.h"
#include "data/sql/sql.h"
#include "data/store/store.h"
#include "engine/run/journal.h"
#include "engine/run/run_directory.h"
#include "engine/transfer/origin.h"
#include "engine/transfer/snapshot.h"

namespace ecumene::engine::transfer {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<const char*, Kind>, 5> kKinds{{{"run", Kind::kRun},
                                                              {"mirror", Kind::kMirror},
                                                              {"checkpoint", Kind::kCheckpoint},
                                                              {"store", Kind::kStore},
                                                              {"planet", Kind::kPlanet}}};
constexpr std::uint64_t kMostPlanetBytes = std::uint64_t{1} << 32U;

bool addPlanet(const Came& came, const Uploads& uploads, const fs::path& target) {
  if (came.files.size() != 1 || came.files.front().name != kPlanetFile) throw Error("this is no planet");
  const std::string bytes = readFile(uploads.whole(came.files.front().sha256), kMostPlanetBytes);
  const data::planet::Planet planet = data::planet::decode(std::as_bytes(std::span(bytes.data(), bytes.size())));
  auto store = data::store::Store::open(target, data::store::Mode::kCreate);
  return store.add(planet, data::quality::mustExclude(planet.quality)).duplicate;
}

/// Throws Error unless the folder is what it came as; a run is given its origin.
void look(const Came& came, const fs::path& folder) {
  if (came.kind == Kind::kStore) {
    const auto store = data::store::Store::open(folder, data::store::Mode::kRead);
    for (const fs::path& payload : store.payloads()) {
      if (!fs::exists(folder / payload)) throw Error("the copy lacks a planet").on(payload.string());
    }
    return;
  }
  if (came.kind == Kind::kCheckpoint) {
    if (!fs::exists(folder / "manifest.sha256")) throw Error("the copy is no whole checkpoint");
    return;
  }
  for (const char* name : {"checkpoints", "artifacts"}) fs::create_directories(folder / name);
  const run::Status status = run::RunDirectory::open(folder).status();
  if (came.kind == Kind::kRun) {
    const fs::path file = folder / run::kJournalName;
    data::sql::Connection journal(file, data::sql::readAccess(file));
    data::sql::Statement check(journal, "PRAGMA quick_check(1)");
    if (!check.step() || check.text(0) != "ok") {
      throw Error("the run's journal is damaged, where it came from too").on(came.id).found(check.text(0));
    }
  }
  const bool mirror = came.kind == Kind::kMirror;
  writeOrigin(
      folder,
      {came.host, came.id, run::secondsNow(), {status.time}, mirror, mirror ? came.files : std::vector<File>()});
}

void syncFolders(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_directory()) syncToDisk(entry.path());
  }
  syncToDisk(folder);
}

}  // namespace

Kind kindOf(const std::string& word) {
  for (const auto& [name, kind] : kKinds) {
    if (word == name) return kind;
  }
  throw Error("this is nothing that can be copied", ErrorKind::kUsage)
      .on(word.substr(0, 64))
      .expected("run, mirror, checkpoint, store or planet");
}

fs::path targetOf(const fs::path& path) {
  const fs::path target = fs::absolute(path).lexically_normal();
  return target.has_filename() ? target : target.parent_path();
}

fs::path besideOf(const fs::path& target, const char* what) {
  return target.parent_path() / ("." + target.filename().string() + what);
}

void requireFree(Kind kind, const fs::path& target) {
  if (kind == Kind::kPlanet && fs::exists(target / "catalogue.sqlite")) return;
  if (fs::is_symlink(target)) {
    throw Error("a copy takes the place of no link").on(target.string()).next("name the folder itself");
  }
  try {
    requireAbsentOrEmpty(target);
  } catch (Error& error) {
    // One without an expectation says that the folder could not be read.
    if (kind != Kind::kPlanet || error.expectation().empty()) throw;
    throw error.expected("a store, or a folder that is absent or empty");
  }
}

void buildFolder(const std::vector<File>& files, const Uploads& uploads, const fs::path& folder) {
  requireInnerNames(files);
  fs::create_directories(folder);
  std::set<std::string> linked;
  for (const File& file : files) {
    const fs::path content = uploads.whole(file.sha256);
    const fs::path to = folder / file.name;
    if (fs::file_size(content) != file.bytes) throw Error("a file of the copy has another size").on(file.name);
    fs::create_directories(to.parent_path());
    // A database is written in place: it is linked to nothing. Files of one content are files of their own, here and in
    // other copies that are made of it meanwhile.
    const bool database = to.extension() == ".sqlite";
    if (!database && linked.insert(file.sha256).second && ::link(content.c_str(), to.c_str()) == 0) {
      if (fs::hard_link_count(to) <= 2) continue;
      fs::remove(to);
    }
    Uploads::requireRoom(folder, file.bytes, file.name);
    fs::copy_file(content, to);
    syncToDisk(to);
  }
}

bool place(const Came& came, const Uploads& uploads, const fs::path& target) {
  requireFree(came.kind, target);
  if (came.kind == Kind::kPlanet) return addPlanet(came, uploads, target);
  const fs::path building = besideOf(target, ".placing");
  try {
    withPathErrors([&] {
      fs::remove_all(building);
      buildFolder(came.files, uploads, building);
      look(came, building);
      syncFolders(building);
    });
    // A folder that is not empty is never replaced by this.
    if (::rename(building.c_str(), target.c_str()) != 0) {
      throw systemError("cannot put the copy in its place", target.string(), errno);
    }
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(building, ignored);
    throw;
  }
  syncToDisk(target.parent_path());
  return false;
}

}  // namespace ecumene::engine::transfer
