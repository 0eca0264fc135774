// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "data/base/error.h"
#include "engine/run/journal.h"

namespace ecumene::engine::run {

/// Commits entries on a thread of its own, in order, as many together as have gathered. Any thread. While the disk is
/// full (or otherwise in the way: ErrorKind::kEnvironment) entries wait and are tried again every second.
class JournalWriter {
 public:
  /// Most metrics and events that wait in memory; beyond it add() throws what keeps them from the disk.
  static constexpr std::size_t kMostWaiting = 1000000;

  explicit JournalWriter(const std::filesystem::path& file);
  /// Tries once more what is waiting.
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  /// Throws what an earlier entry failed with, if trying again cannot help.
  void add(Entry entry);
  /// Returns when all is committed; throws the Error that is in the way.
  void flush();
  /// Runs `work` on the journal between two commits, at once.
  template <class Work>
  auto now(Work work) {
    const std::lock_guard lock(journalMutex_);
    return work(journal_);
  }

 private:
  void work();

  std::mutex journalMutex_;
  Journal journal_;

  std::mutex mutex_;  ///< of all below
  std::condition_variable changed_;
  std::deque<Entry> waiting_;
  std::size_t waitingRows_ = 0;
  std::size_t tries_ = 0;         ///< commits that were tried
  std::optional<Error> trouble_;  ///< of the last try
  bool broken_ = false;           ///< trouble_ stays
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace ecumene::engine::run
