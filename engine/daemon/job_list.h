// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "data/sql/sql.h"
#include "engine/daemon/import_tree.h"
#include "engine/daemon/processes.h"
#include "engine/daemon/stores.h"
#include "engine/transfer/uploads.h"

namespace ecumene::engine::daemon {

/// Work of `ecumene-data` on a store, or a measurement of `ecumene-train` with it.
struct Job {
  std::int64_t id = 0;
  std::string kind, store;
  /// queued, running, done, refused (the store took only some of it, or nothing), failed, cancelled.
  std::string state, reason;
  double time = 0.0;  ///< of the state, seconds since 1970
  std::uint64_t done = 0, total = 0;
  std::string what;  ///< the latest piece; of a queued one the job that it waits for
};

/// What a job printed.
struct JobResult {
  std::string json;         ///< empty before its end
  std::size_t leftOut = 0;  ///< rows of it that had no room; refused files stand first and go last
};

/// Jobs, one at a time for each store, each a detached process: they and their list outlive the daemon. Any thread.
class JobList {
 public:
  static constexpr std::size_t kMostShown = 1000;
  static constexpr std::size_t kMostResult = 1 << 20;
  static constexpr std::size_t kMostFiles = 200'000;  ///< of one import

  struct Setup {
    std::filesystem::path programs;  ///< folder of ecumene-data and ecumene-train
    std::filesystem::path folder;    ///< for the list and what the processes print
  };
  JobList(const Stores& stores, transfer::Uploads& uploads, Setup setup);
  JobList(const JobList&) = delete;
  JobList& operator=(const JobList&) = delete;

  /// Throw Error where the store, a number, an upload or a path is none.
  Job generate(const std::string& store, std::uint32_t planets, std::uint64_t seed, std::uint32_t epochs);
  /// Files that are not beside others are imported in their order, by one process that works in their tree.
  Job import(const std::string& store, const std::vector<ImportFile>& files, const std::vector<std::string>& settings);
  /// `words` are those of `ecumene-train measure`, without store and folder; `gpus` is its CUDA_VISIBLE_DEVICES.
  Job measure(const std::string& store, const std::vector<std::string>& words, const std::string& gpus);
  /// Those with a number after `after`, at most kMostShown, and those in `also`; the newest first.
  std::vector<Job> list(std::int64_t after = 0, std::span<const std::int64_t> also = {});
  /// Throws Error where there is no such job.
  Job find(std::int64_t id);
  /// At most kMostResult bytes.
  JobResult result(std::int64_t id);
  /// Asks it to stop at its next piece, and ends it where it has not within 10 s.
  Job cancel(std::int64_t id);

 private:
  struct Row;
  /// What an import has beside its words.
  struct Brought {
    ImportTree& tree;
    std::string list;                  ///< paths in the tree, a line each
    std::vector<std::string> uploads;  ///< held already, for the job from here on
  };
  Job add(const std::string& kind, const std::string& store, std::vector<std::string> words,
          const Brought* brought = nullptr);
  /// Without the words and uploads, of which there may be many.
  std::vector<Row> rows(std::string_view where);
  void addWords(Row& row);
  /// Files and uploads of a job that needs them no more. There may be very many: not with the mutex.
  void releaseFiles(std::int64_t id);
  /// What jobs that ended, or never began, left when the daemon was killed.
  void removeLeftOver();
  void keep(const Row& row);
  void work(const std::stop_token& stop);
  void lookAfter();
  void start(Row row);
  [[nodiscard]] Program programOf(const Row& row) const;
  void end(Row row, std::optional<int> code);
  Job jobOf(const Row& row);
  /// The job that one in the queue waits for, in words.
  std::string waitsFor(const Row& row);
  [[nodiscard]] std::filesystem::path fileOf(std::int64_t id, const char* ending) const;

  const Stores& stores_;
  transfer::Uploads& uploads_;
  const Setup setup_;
  std::mutex mutex_;  ///< of all below
  data::sql::Connection connection_;
  std::vector<std::int64_t> ended_;  ///< whose files are still here
  std::condition_variable_any changed_;
  std::jthread thread_;  ///< last: it uses the others
};

}  // namespace ecumene::engine::daemon
