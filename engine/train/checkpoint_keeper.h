// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "data/base/error.h"
#include "engine/checkpoint/writer.h"
#include "engine/run/run_directory.h"
#include "engine/train/answers.h"
#include "engine/train/guard.h"
#include "engine/train/learner.h"

namespace ecumene::engine::train {

/// A run's checkpoints as training goes on: when one is due, what it holds, and what became of it.
class CheckpointKeeper {
 public:
  /// A checkpoint is on the disk only after the journal of its steps: a resumed run makes no step before it again.
  CheckpointKeeper(run::RunDirectory& run, Answers& answers)
      : run_(run), answers_(answers), writer_(run.checkpoints(), [&run] { run.flush(); }) {}

  /// By train.checkpoint_minutes, else by the measured time of writing one and train.failures_per_day; not while one is
  /// being written.
  [[nodiscard]] bool isDue(const config::TrainSpec& spec) const;
  /// `captured`: tensors, and numbers of its progress; the rest of the progress is `progress`.
  void save(checkpoint::Checkpoint captured, const checkpoint::Progress& progress, const Guard& guard,
            const LossScale& scale, const config::RunSpec& spec);
  /// A command that is done once the checkpoint of `step`, which is saved next, or a later one is written.
  void answerWhenWritten(std::int64_t command, std::int64_t step) { awaited_[step].push_back(command); }
  /// Says in the journal what was written since the last call, and what could not be.
  void collect();
  /// What keeps the newest checkpoint from the disk though it may be written later: a full disk, say. Those who wait
  /// for it wait on.
  [[nodiscard]] const Error* obstacle() const;
  void wait() { writer_.wait(); }
  [[nodiscard]] bool isWriting() const { return writer_.isWriting(); }
  /// Waits; throws the Error of the last checkpoint if it could not be written.
  void finish();

  [[nodiscard]] bool hasSaved() const { return saved_.has_value(); }
  /// Whether the last save() was of here; scores are NaN where nothing was judged, which equals nothing.
  [[nodiscard]] bool hasSaved(const checkpoint::Progress& progress) const;
  [[nodiscard]] double stallSeconds() const { return writer_.stallSeconds(); }

 private:
  using Clock = std::chrono::steady_clock;

  run::RunDirectory& run_;
  Answers& answers_;
  checkpoint::Writer writer_;
  std::map<std::int64_t, std::vector<std::int64_t>> awaited_;
  std::optional<Error> failure_;               ///< of the newest outcome
  std::optional<checkpoint::Progress> saved_;  ///< as the last save() was told
  Clock::time_point savedAt_ = Clock::now();
};

}  // namespace ecumene::engine::train
