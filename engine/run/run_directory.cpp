// SPDX-License-Identifier: Apache-2.0
#include "engine/run/run_directory.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/target_folder.h"
#include "engine/run/journal_writer.h"
#include "engine/run/owner_lock.h"

namespace ecumene::engine::run {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLockName = "lock";
constexpr std::array<const char*, 2> kFolders{"checkpoints", "artifacts"};

/// What a creation leaves when it is cut short.
bool isOurs(const std::string& name) {
  return name == kLockName || name.starts_with(kJournalName) || name == std::string(kSpecName) + ".incomplete" ||
         name == kFolders[0] || name == kFolders[1];
}

void makeFolder(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) throw systemError("cannot make the run's folder", folder.string(), problem.value());
}

void requireUnused(const fs::path& folder) {
  if (fs::exists(folder / kSpecName)) {
    throw Error("the folder holds a run already").on(folder.string()).next("resume it, or name another folder");
  }
  requireAbsentOrEmpty(folder, isOurs);
}

}  // namespace

struct RunDirectory::Impl {
  fs::path folder;
  config::RunSpec spec;
  std::optional<OwnerLock> lock;

  std::mutex writerMutex;
  std::optional<JournalWriter> writer;  ///< opened by the first call that writes: readers may lack the right to
  // Closed before the writer: the last connection to close tidies the log away, which a reader may not.
  std::mutex readMutex;
  std::optional<Journal> reader;

  template <class Work>
  auto read(Work work) {
    const std::lock_guard guard(readMutex);
    return named([&] { return work(*reader); });
  }
  JournalWriter& writing() {
    const std::lock_guard guard(writerMutex);
    if (!writer) writer.emplace(folder / kJournalName);
    return *writer;
  }
  /// Runs `work`; its Error names the run where it names nothing.
  template <class Work>
  auto named(Work work) const {
    try {
      return work();
    } catch (Error& error) {
      throw error.object().empty() ? error.on(folder.string()) : error;
    }
  }
};

RunDirectory::RunDirectory(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RunDirectory::~RunDirectory() = default;
RunDirectory::RunDirectory(RunDirectory&&) noexcept = default;

RunDirectory RunDirectory::create(const fs::path& folder, const config::RunSpec& spec) {
  makeFolder(folder);
  const OwnerLock creating(folder);
  requireUnused(folder);
  for (const char* name : kFolders) makeFolder(folder / name);
  { const Journal journal(folder / kJournalName, data::sql::Access::kCreate); }
  // Last: with it the folder is a run.
  writeFileAtomically(folder / kSpecName, config::toToml(spec));
  syncToDisk(fs::absolute(folder).lexically_normal().parent_path());
  return open(folder);
}

RunDirectory RunDirectory::open(const fs::path& folder) {
  const fs::path journal = folder / kJournalName;
  std::error_code ignored;
  if (!fs::is_regular_file(folder / kSpecName, ignored)) {
    throw Error("the folder is not a run")
        .on(folder.string())
        .expected(std::string("a folder with ") + kSpecName)
        .next("make one with `ecumene-train new`");
  }
  if (!fs::is_regular_file(journal, ignored)) {
    throw Error("the journal of the run is lost")
        .on(journal.string())
        .next("restore it from a copy; run.toml and the checkpoints are files of their own");
  }
  auto impl = std::make_unique<Impl>();
  impl->folder = folder;
  // The journal knows the version: a newer one's run.toml may have options that this version does not.
  impl->reader.emplace(journal, data::sql::readAccess(journal));
  impl->spec = config::fromWholeToml(readFile(folder / kSpecName), (folder / kSpecName).string());
  return RunDirectory(std::move(impl));
}

const fs::path& RunDirectory::folder() const {
  return impl_->folder;
}
fs::path RunDirectory::checkpoints() const {
  return impl_->folder / kFolders[0];
}
fs::path RunDirectory::artifacts() const {
  return impl_->folder / kFolders[1];
}
fs::path RunDirectory::log() const {
  return impl_->folder / "log";
}
const config::RunSpec& RunDirectory::spec() const {
  return impl_->spec;
}

void RunDirectory::claim() {
  if (!impl_->lock) impl_->lock.emplace(impl_->folder);
}
std::optional<std::int64_t> RunDirectory::owner() const {
  return OwnerLock::owner(impl_->folder);
}

void RunDirectory::metrics(std::int64_t step, const std::vector<Metric>& metrics) {
  impl_->writing().add({step, secondsNow(), metrics, {}, {}});
}

void RunDirectory::event(std::int64_t step, const std::string& kind, const std::string& text) {
  if (kind.empty()) throw internalError("an event has a kind");
  impl_->writing().add({step, secondsNow(), {}, kind, text});
}

void RunDirectory::flush() {
  impl_->writing().flush();
}

void RunDirectory::setState(State state, const std::string& reason) {
  JournalWriter& writer = impl_->writing();
  writer.flush();
  writer.now([&](Journal& journal) { journal.setState({state, reason, secondsNow()}); });
}

Status RunDirectory::status() const {
  return impl_->read([](Journal& journal) { return journal.status(); });
}

void RunDirectory::forgetAfter(std::int64_t step) {
  JournalWriter& writer = impl_->writing();
  writer.flush();
  writer.now([&](Journal& journal) { journal.forgetAfter(step, secondsNow()); });
}

std::vector<MetricRow> RunDirectory::metricsAfter(std::int64_t sequence, std::size_t limit) const {
  return impl_->read([&](Journal& journal) { return journal.metricsAfter(sequence, limit); });
}

std::vector<Event> RunDirectory::eventsAfter(std::int64_t sequence, std::size_t limit) const {
  return impl_->read([&](Journal& journal) { return journal.eventsAfter(sequence, limit); });
}

News RunDirectory::newsAfter(std::int64_t metric, std::int64_t event, std::size_t limit) const {
  return impl_->read([&](Journal& journal) { return journal.newsAfter(metric, event, limit); });
}

std::int64_t RunDirectory::lastMetric() const {
  return impl_->read([](Journal& journal) { return journal.lastMetric(); });
}

std::int64_t RunDirectory::request(const std::string& word, const std::string& argument) {
  static const std::vector<std::string> words{"pause", "resume", "stop", "checkpoint", "extend", "set"};
  if (std::find(words.begin(), words.end(), word) == words.end()) {
    throw Error("a trainer does not know the command", ErrorKind::kUsage)
        .on(impl_->folder.string())
        .expected("pause, resume, stop, checkpoint, extend or set")
        .found(word);
  }
  return impl_->writing().now([&](Journal& journal) { return journal.request(word, argument, secondsNow()); });
}

std::vector<Command> RunDirectory::commands(std::string_view state) const {
  return impl_->read([&](Journal& journal) { return journal.commands(state); });
}

void RunDirectory::answer(std::int64_t command, std::string_view state, const std::string& text) {
  impl_->named([&] {
    impl_->writing().now([&](Journal& journal) { journal.answer(command, state, text, secondsNow()); });
    return 0;
  });
}

}  // namespace ecumene::engine::run
