// SPDX-License-Identifier: Apache-2.0
#include "engine/transfer/snapshot.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/planet/codec.h"
#include "data/sql/sql.h"
#include "data/store/store.h"
#include "engine/run/journal.h"
#include "engine/transfer/origin.h"
#include "engine/transfer/uploads.h"

namespace ecumene::engine::transfer {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCatalogue = "catalogue.sqlite";
constexpr std::size_t kStepDigits = 10;

bool isUnfinished(const std::string& name) {
  return name.front() == '.' || name.ends_with(".incomplete") || name.ends_with(".removed");
}

/// The names of the checkpoints that are there now, ascending.
std::vector<std::string> namesIn(const fs::path& checkpoints) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(checkpoints, ignored)) {
    const std::string name = entry.path().filename().string();
    if (isCheckpointName(name) && !entry.is_symlink(ignored) && entry.is_directory(ignored)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// What the newest checkpoint's manifest calls the best; the newest itself where it names none.
std::string bestOf(const fs::path& checkpoints, const std::string& newest) {
  const fs::path manifest = checkpoints / newest / "manifest.json";
  const auto json = nlohmann::json::parse(readFile(manifest), nullptr, false);
  const auto progress = json.is_object() ? json.find("progress") : json.end();
  if (progress == json.end() || !progress->is_object() || !progress->contains("best_step") ||
      !progress->at("best_step").is_number_integer()) {
    throw Error("the checkpoint's manifest is damaged").on(manifest.string());
  }
  const auto step = progress->at("best_step").get<std::int64_t>();
  if (step < 0) return newest;
  const std::string digits = std::to_string(step);
  return "step-" + std::string(kStepDigits - std::min(kStepDigits, digits.size()), '0') + digits;
}

void requireRegular(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) throw systemError("cannot look at a file", path.string(), errno);
  if (S_ISREG(status.st_mode)) return;
  throw Error("links and special files are not copied").on(path.string()).next("move it out of the folder");
}

}  // namespace

bool isCheckpointName(const std::string& name) {
  return name.size() == 5 + kStepDigits && name.starts_with("step-") &&
         name.find_first_not_of("0123456789", 5) == std::string::npos;
}

Snapshot::Snapshot(fs::path staging) : staging_(std::move(staging)) {
  std::error_code problem;
  fs::create_directories(staging_, problem);
  if (problem) throw systemError("cannot make a folder for the copy", staging_.string(), problem.value());
}

Snapshot::~Snapshot() {
  std::error_code ignored;
  if (!staging_.empty()) fs::remove_all(staging_, ignored);
}

Snapshot::Snapshot(Snapshot&& other) noexcept
    : staging_(std::exchange(other.staging_, {})), files_(std::move(other.files_)), paths_(std::move(other.paths_)) {}

void Snapshot::add(const std::string& name, const fs::path& path) {
  requireInnerName(name);
  files_.push_back({name, fs::file_size(path), {}});
  paths_.push_back(path);
}

/// False: the file is gone.
bool Snapshot::pin(const std::string& name, const fs::path& path) {
  const fs::path pinned = staging_ / std::to_string(files_.size());
  try {
    requireRegular(path);
    if (::link(path.c_str(), pinned.c_str()) == 0) {
      add(name, pinned);
      return true;
    }
    if (errno != ENOENT) add(name, path);
    return errno != ENOENT;
  } catch (const Error&) {
    if (fs::exists(fs::symlink_status(path))) throw;
    return false;
  }
}

bool Snapshot::pinCheckpoint(const fs::path& folder, const std::string& name) {
  const std::size_t before = files_.size();
  std::error_code problem;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder, problem)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  const bool all = std::all_of(names.begin(), names.end(),
                               [&](const std::string& file) { return pin(name + "/" + file, folder / file); });
  // Under its own name it is whole at every moment: what is pinned now was not being removed.
  if (!problem && all && fs::exists(folder / "manifest.sha256", problem)) return true;
  for (std::size_t i = before; i < files_.size(); ++i) {
    if (paths_[i].parent_path() == staging_) fs::remove(paths_[i], problem);
  }
  files_.resize(before);
  paths_.resize(before);
  return false;
}

void Snapshot::pinCheckpoints(const fs::path& checkpoints, Run extent) {
  std::set<std::string> pinned;
  for (bool again = true; again;) {
    again = false;
    std::vector<std::string> wanted = namesIn(checkpoints);
    if (extent == Run::kMirror && !wanted.empty()) {
      const std::string newest = wanted.back();
      std::string best = newest;
      try {
        best = bestOf(checkpoints, newest);
      } catch (const Error&) {
        again = !fs::exists(checkpoints / newest);
        if (!again) throw;
        continue;
      }
      const bool hasBest = std::find(wanted.begin(), wanted.end(), best) != wanted.end();
      wanted = hasBest && best != newest ? std::vector{best, newest} : std::vector{newest};
    }
    for (const std::string& name : wanted) {
      if (pinned.contains(name)) continue;
      // A trainer that removes one has written a newer one.
      if (pinCheckpoint(checkpoints / name, "checkpoints/" + name)) {
        pinned.insert(name);
      } else {
        again = again || !fs::exists(checkpoints / name);
      }
    }
  }
}

void Snapshot::copyDatabase(const std::string& name, const fs::path& file) {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (const char* suffix : {"", "-wal"}) {
    const auto size = fs::file_size(file.string() + suffix, ignored);
    bytes += ignored ? 0 : size;
  }
  Uploads::requireRoom(staging_, bytes, "a copy of " + file.string());
  const fs::path copy = staging_ / name;
  data::sql::Connection(file, data::sql::readAccess(file)).copyTo(copy);
  add(name, copy);
}

Snapshot Snapshot::ofRun(const fs::path& run, Run extent, const fs::path& staging) {
  Snapshot snapshot(staging);
  // First the checkpoints: none is ahead of the journal.
  snapshot.pinCheckpoints(run / "checkpoints", extent);
  for (auto entry = fs::recursive_directory_iterator(run); entry != fs::recursive_directory_iterator(); ++entry) {
    const fs::path& path = entry->path();
    const std::string name = path.lexically_relative(run).string();
    std::error_code ignored;
    if (isUnfinished(path.filename().string()) || name == "checkpoints") {
      entry.disable_recursion_pending();
      continue;
    }
    if (name == "lock" || name == kOriginFile || name.starts_with(run::kJournalName)) continue;
    if (!entry->is_symlink(ignored) && entry->is_directory(ignored)) continue;
    [[maybe_unused]] const bool there = snapshot.pin(name, path);
  }
  snapshot.copyDatabase(run::kJournalName, run / run::kJournalName);
  return snapshot;
}

Snapshot Snapshot::ofCheckpoint(const fs::path& checkpoints, const std::string& part, const fs::path& staging) {
  Snapshot snapshot(staging);
  const std::vector<std::string> names = namesIn(checkpoints);
  if (names.empty()) throw Error("the run has no checkpoint").on(checkpoints.string());
  const std::string name = part == "newest" ? names.back() : part == "best" ? bestOf(checkpoints, names.back()) : part;
  if (!isCheckpointName(name) || std::find(names.begin(), names.end(), name) == names.end()) {
    throw Error("the run has no such checkpoint")
        .on(name.substr(0, 64))
        .expected("newest, best, or one of " + names.front() + " to " + names.back());
  }
  if (!snapshot.pinCheckpoint(checkpoints / name, name)) {
    throw Error("the checkpoint is not whole").on((checkpoints / name).string()).next("take another one");
  }
  for (File& file : snapshot.files_) file.name.erase(0, name.size() + 1);
  return snapshot;
}

Snapshot Snapshot::ofStore(const fs::path& store, const fs::path& staging) {
  Snapshot snapshot(staging);
  // What the catalogue lists is on the disk before it is listed.
  snapshot.copyDatabase(kCatalogue, store / kCatalogue);
  const auto listed = data::store::Store::open(staging, data::store::Mode::kRead);
  for (const fs::path& payload : listed.payloads()) {
    if (snapshot.pin(payload.string(), store / payload)) continue;
    throw Error("a planet was changed or is lost").on((store / payload).string()).next("begin the copy again");
  }
  return snapshot;
}

Snapshot Snapshot::ofPlanet(const fs::path& store, const std::string& id, const fs::path& staging) {
  Snapshot snapshot(staging);
  const auto bytes = data::planet::encode(data::store::Store::open(store, data::store::Mode::kRead).get(id));
  writeFileAtomically(staging / kPlanetFile,
                      std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  snapshot.add(kPlanetFile, staging / kPlanetFile);
  return snapshot;
}

void Snapshot::hash(HashCache& cache, const Going& going) {
  std::uint64_t done = 0, total = 0;
  for (const File& file : files_) total += file.bytes;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    files_[i].sha256 = cache.sha256Of(paths_[i], files_[i].bytes, [&](std::uint64_t bytes) {
      done += bytes;
      if (!going(done, total)) throw Error("the copy was cancelled", ErrorKind::kCancelled);
    });
  }
}

}  // namespace ecumene::engine::transfer
