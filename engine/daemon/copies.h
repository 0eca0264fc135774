// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "engine/transfer/snapshot.h"

namespace ecumene::engine::daemon {

/// The copies that clients make of what is here: each stays to be read until it is ended, or for an hour after the last
/// look. Any thread.
class Copies {
 public:
  static constexpr std::size_t kMost = 32;
  static constexpr std::chrono::hours kKept{1};

  /// Whatever is in `folder` is left over from a daemon before.
  explicit Copies(std::filesystem::path folder);

  /// A folder for a snapshot that is to be made.
  std::filesystem::path stagingFor();
  /// Keeps it; its id. Throws Error where there are too many.
  std::string keep(transfer::Snapshot snapshot);
  /// Throws Error where it is gone.
  std::shared_ptr<const transfer::Snapshot> find(const std::string& id);
  [[nodiscard]] bool contains(const std::string& id);
  void end(const std::string& id);

 private:
  struct Kept {
    std::shared_ptr<const transfer::Snapshot> snapshot;
    std::chrono::steady_clock::time_point used;
  };
  void work(const std::stop_token& stop);

  const std::filesystem::path folder_;
  const std::string born_;  ///< in ids, so that those of another daemon are not taken for ours
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
  std::int64_t count_ = 0;
  std::condition_variable_any changed_;
  std::jthread thread_;  ///< last: it uses the others
};

}  // namespace ecumene::engine::daemon
