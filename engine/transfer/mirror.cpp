// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/sql/sql.h"
#include "engine/run/journal.h"
#include "engine/run/owner_lock.h"
#include "engine/run/run_directory.h"
#include "engine/transfer/fetch.h"
#include "engine/transfer/origin.h"
#include "engine/transfer/placing.h"
#include "engine/transfer/pull.h"

namespace ecumene::engine::transfer {
namespace {

namespace fs = std::filesystem;
namespace sql = data::sql;

constexpr std::string_view kCheckpoints = "checkpoints/";

/// "checkpoints/step-0000001234" of a file in one; empty for others.
std::string checkpointOf(const std::string& name) {
  if (!name.starts_with(kCheckpoints)) return {};
  return name.substr(0, name.find('/', kCheckpoints.size()));
}

Error trainedHere(const fs::path& target) {
  return Error("the run was trained on this machine since it was mirrored, so it is no mirror any more")
      .on(target.string())
      .next("mirror to another folder");
}

void renameTo(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) throw systemError("cannot put a file in its place", to.string(), errno);
}

/// One update of a mirror that is there.
class Update {
 public:
  Update(protocol::Client& client, const wire::CopyWhat& what, fs::path target, const Going& going)
      : target_(std::move(target)), known_(requireMirror(what.id())), fetch_(client, what, target_, going) {
    now_ = {client.daemon().host(), what.id(), run::secondsNow(), {}, true, fetch_.files()};
  }

  Copied run() {
    bring();
    const Copied copied{fetch_.files().size(), bytesOf(fetch_.files()), fetch_.moved(), false};
    if (changed_.empty() && known_.files.size() == now_.files.size()) {
      fetch_.done();
      return copied;
    }
    for (const std::size_t i : changed_) {
      const File& file = fetch_.files()[i];
      if (file.name != run::kJournalName && checkpointOf(file.name).empty()) putFile(file);
    }
    // The journal before the checkpoints: none is ever ahead of it.
    putJournal();
    for (const auto& [name, files] : checkpoints_) putCheckpoint(name, files);
    removeGone();
    writeOrigin(target_, now_);
    fetch_.done();
    return copied;
  }

 private:
  Origin requireMirror(const std::string& id) const {
    const auto origin = originOf(target_);
    if (!origin || !origin->mirror || origin->id != id) {
      throw Error("the folder is no mirror of this run, and nothing is overwritten")
          .on(target_.string())
          .expected("a mirror of " + id + ", or a folder that is absent or empty")
          .found(!origin ? "something else" : (origin->mirror ? "a mirror of " : "a copy of ") + origin->id)
          .next("name another folder");
    }
    const run::Status status = run::RunDirectory::open(target_).status();
    const auto& times = origin->stateTimes;
    if (run::OwnerLock::owner(target_) || std::find(times.begin(), times.end(), status.time) == times.end()) {
      throw trainedHere(target_);
    }
    return *origin;
  }

  void bring() {
    std::map<std::string, File> had;
    for (const File& file : known_.files) had.emplace(file.name, file);
    std::set<std::string> newCheckpoints;
    const auto same = [&](const File& file) {
      const auto found = had.find(file.name);
      std::error_code ignored;
      return found != had.end() && found->second == file &&
             (file.name == run::kJournalName || fs::file_size(target_ / file.name, ignored) == file.bytes);
    };
    for (const File& file : fetch_.files()) {
      const std::string checkpoint = checkpointOf(file.name);
      if (!checkpoint.empty() && !same(file)) newCheckpoints.insert(checkpoint);
    }
    std::vector<Fetch::Basis> bases;
    for (std::size_t i = 0; i < fetch_.files().size(); ++i) {
      const File& file = fetch_.files()[i];
      const std::string checkpoint = checkpointOf(file.name);
      if (checkpoint.empty() ? same(file) : !newCheckpoints.contains(checkpoint)) continue;
      changed_.push_back(i);
      if (!checkpoint.empty()) {
        File inside = file;
        inside.name.erase(0, checkpoint.size() + 1);
        checkpoints_[checkpoint].push_back(inside);
      } else if (file.name == run::kJournalName) {
        const fs::path basis = fetch_.folder() / "basis.sqlite";
        fs::remove(basis);
        sql::Connection(target_ / run::kJournalName, sql::Access::kRead).copyTo(basis);
        bases.push_back({i, basis});
      } else if (fs::is_regular_file(fs::symlink_status(target_ / file.name))) {
        bases.push_back({i, target_ / file.name});
      }
    }
    fetch_.bring(changed_, bases);
  }

  void putFile(const File& file) {
    const fs::path to = target_ / file.name;
    fs::create_directories(to.parent_path());
    fs::path incomplete = to;
    incomplete += ".incomplete";
    fs::remove(incomplete);
    fs::copy_file(fetch_.content().whole(file.sha256), incomplete);
    syncToDisk(incomplete);
    renameTo(incomplete, to);
    syncToDisk(to.parent_path());
  }

  void putJournal() {
    const auto journal = std::find_if(changed_.begin(), changed_.end(),
                                      [&](std::size_t i) { return fetch_.files()[i].name == run::kJournalName; });
    if (journal == changed_.end()) {
      now_.stateTimes = known_.stateTimes;
      return;
    }
    // With its run.toml it is a run, which says of itself what it is.
    const fs::path looked = fetch_.folder() / "looked";
    fs::remove_all(looked);
    const auto spec = std::find_if(fetch_.files().begin(), fetch_.files().end(),
                                   [](const File& file) { return file.name == "run.toml"; });
    if (spec == fetch_.files().end()) throw Error("the copy is no run").on(target_.string());
    fs::create_directories(looked);
    fs::copy_file(target_ / "run.toml", looked / "run.toml");
    fs::copy_file(fetch_.content().whole(fetch_.files()[*journal].sha256), looked / run::kJournalName);
    {
      const auto came = run::RunDirectory::open(looked);
      const auto here = run::RunDirectory::open(target_);
      const auto madeThere = came.eventsAfter(0, 1), madeHere = here.eventsAfter(0, 1);
      if (!madeHere.empty() && (madeThere.empty() || madeThere.front().time != madeHere.front().time)) {
        fetch_.giveUp();
        throw Error("another run of this name is mirrored here").on(target_.string()).next("name another folder");
      }
      now_.stateTimes = {came.status().time};
    }
    if (run::OwnerLock::owner(target_)) throw trainedHere(target_);
    // Cut in between, either state is one that was copied.
    known_.stateTimes.push_back(now_.stateTimes.front());
    writeOrigin(target_, known_);
    sql::Connection(looked / run::kJournalName, sql::Access::kRead).copyTo(target_ / run::kJournalName);
  }

  void putCheckpoint(const std::string& name, const std::vector<File>& files) {
    const fs::path to = target_ / name;
    fs::path building = to, removed = to;
    building += ".incomplete";
    removed += ".removed";
    fs::remove_all(building);
    fs::remove_all(removed);
    buildFolder(files, fetch_.content(), building);
    syncToDisk(building);
    if (fs::exists(to)) renameTo(to, removed);
    renameTo(building, to);
    syncToDisk(to.parent_path());
    fs::remove_all(removed);
  }

  void removeGone() {
    std::set<std::string> there;
    for (const File& file : fetch_.files()) {
      there.insert(file.name);
      if (const std::string checkpoint = checkpointOf(file.name); !checkpoint.empty()) there.insert(checkpoint);
    }
    for (const File& file : known_.files) {
      const std::string checkpoint = checkpointOf(file.name);
      const std::string& what = checkpoint.empty() ? file.name : checkpoint;
      if (there.contains(what) || !fs::exists(target_ / what)) continue;
      fs::path removed = target_ / what;
      removed += ".removed";
      renameTo(target_ / what, removed);
      fs::remove_all(removed);
    }
  }

  const fs::path target_;
  Origin known_, now_;
  Fetch fetch_;
  std::vector<std::size_t> changed_;
  std::map<std::string, std::vector<File>> checkpoints_;  ///< new ones, their files without the folder's name
};

}  // namespace

Copied mirror(protocol::Client& client, const std::string& run, const fs::path& where, const Going& going) {
  const fs::path target = targetOf(where);
  wire::CopyWhat what;
  what.set_kind("mirror");
  what.set_id(run);
  std::error_code ignored;
  if (!fs::exists(target, ignored) || fs::is_empty(target, ignored)) return pull(client, what, target, going);
  return withPathErrors([&] { return Update(client, what, target, going).run(); });
}

}  // namespace ecumene::engine::transfer
