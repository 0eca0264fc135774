// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "data/base/error.h"
#include "engine/checkpoint/checkpoint.h"

namespace ecumene::engine::checkpoint {

/// What became of one checkpoint.
struct Outcome {
  std::int64_t step = 0;
  double seconds = 0.0;        ///< from the copy to the last fsync
  std::optional<Error> error;  ///< what failed; the checkpoints before it are still there
};

/// Writes the checkpoints of one run on a thread of its own, at most one in flight. Training waits for the copy of the
/// tensors in memory (and for the last write, if that is not done yet), not for the disk. Needs memory for one copy of
/// all that is written. To be used by one thread.
class Writer {
 public:
  /// Sweeps `checkpoints`, which this process alone may write. `before` runs on the writing thread before each write,
  /// which fails if it throws: for what must be on the disk no later than the checkpoint (the journal of its steps).
  explicit Writer(std::filesystem::path checkpoints, std::function<void()> before = {},
                  std::int64_t shardBytes = kShardBytes);
  /// Waits for the write in flight.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Copies the tensors and has them written; afterwards all before it but the last `keepLast` and progress.bestStep's
  /// are removed (prune()).
  void write(const Checkpoint& checkpoint, std::int64_t keepLast);
  /// What was finished since the last call, in order. A failed write does not throw: the caller decides what follows.
  [[nodiscard]] std::vector<Outcome> collect();
  /// Until nothing is in flight.
  void wait();
  /// Whether something is in flight: write() would wait for it.
  [[nodiscard]] bool isWriting() const;

  /// How long write() and wait() have held up their callers, in all.
  [[nodiscard]] double stallSeconds() const { return stallSeconds_; }
  /// How long the last write that succeeded took; none before it.
  [[nodiscard]] std::optional<double> writeSeconds() const;

 private:
  void work();
  struct Job {
    Checkpoint checkpoint;
    std::int64_t keepLast = 1;
  };

  std::filesystem::path checkpoints_;
  std::function<void()> before_;
  std::int64_t shardBytes_;
  double stallSeconds_ = 0.0;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Job> job_;  ///< waiting or being written
  bool ending_ = false;
  std::vector<Outcome> finished_;
  std::optional<double> writeSeconds_;
  std::thread thread_;
};

}  // namespace ecumene::engine::checkpoint
