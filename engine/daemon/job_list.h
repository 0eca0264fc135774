// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "data/sql/sql.h"
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
  std::string what;  ///< the latest piece
};

/// Jobs, one at a time for each store, each a detached process: they and their list outlive the daemon. Any thread.
class JobList {
 public:
  static constexpr std::size_t kMostShown = 1000;
  static constexpr std::size_t kMostResult = 1 << 20;

  struct Setup {
    std::filesystem::path programs;  ///< folder of ecumene-data and ecumene-train
    std::filesystem::path folder;    ///< for the list and what the processes print
  };
  JobList(const Stores& stores, transfer::Uploads& uploads, Setup setup);
  JobList(const JobList&) = delete;
  JobList& operator=(const JobList&) = delete;

  /// Throw Error where the store, a number or an upload is none.
  Job generate(const std::string& store, std::uint32_t planets, std::uint64_t seed, std::uint32_t epochs);
  Job import(const std::string& store, const std::vector<std::string>& uploads,
             const std::vector<std::string>& settings);
  /// `words` are those of `ecumene-train measure`, without store and folder; `gpus` is its CUDA_VISIBLE_DEVICES.
  Job measure(const std::string& store, const std::vector<std::string>& words, const std::string& gpus);
  /// The newest first.
  std::vector<Job> all();
  /// Throws Error where there is no such job.
  Job find(std::int64_t id);
  /// What it printed: JSON, cut at kMostResult; empty before its end.
  std::string result(std::int64_t id);
  /// Asks it to stop at its next piece, and ends it where it has not within 10 s.
  Job cancel(std::int64_t id);

 private:
  struct Row;
  Job add(const std::string& kind, const std::string& store, std::vector<std::string> words,
          const std::vector<std::string>& uploads);
  std::vector<Row> rows(std::string_view where);
  void keep(const Row& row);
  void work(const std::stop_token& stop);
  void lookAfter();
  void start(Row row);
  [[nodiscard]] Program programOf(const Row& row) const;
  void end(Row row, std::optional<int> code);
  Job jobOf(const Row& row) const;
  [[nodiscard]] std::filesystem::path fileOf(std::int64_t id, const char* ending) const;

  const Stores& stores_;
  transfer::Uploads& uploads_;
  const Setup setup_;
  std::mutex mutex_;  ///< of all below
  data::sql::Connection connection_;
  std::condition_variable_any changed_;
  std::jthread thread_;  ///< last: it uses the others
};

}  // namespace ecumene::engine::daemon
