// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/sql/sql.h"
#include "engine/daemon/processes.h"

namespace ecumene::engine::daemon {

/// The last start of a run: what the journal cannot know, since it is before and after the trainer.
struct Launch {
  enum class State { kQueued, kStarted, kEnded, kKilled };  ///< kKilled: ended by another's hand
  std::string run;
  State state = State::kQueued;
  std::string slot;      ///< Slot::text()
  bool evaluate = true;  ///< behind the last epoch
  double time = 0.0;     ///< when it was queued or started, seconds since 1970
  ProcessId process;     ///< once it is started
  double ended = 0.0;    ///< when, seconds since 1970
  std::string ending;    ///< how, in words; empty where it ended well or nobody saw it
  std::string job;       ///< number in Slurm's queue; empty: it has none
};

/// Launches on the disk, one for each run, so that a daemon that was killed finds queue and processes again. One thread
/// at a time.
class Launches {
 public:
  explicit Launches(const std::filesystem::path& file);

  /// In the order in which they were put: the queue's.
  std::vector<Launch> all();
  std::optional<Launch> of(const std::string& run);
  /// Replaces the run's; a new `kQueued` goes to the end of the queue.
  void put(const Launch& launch);
  void remove(const std::string& run);

 private:
  data::sql::Connection connection_;
};

}  // namespace ecumene::engine::daemon
