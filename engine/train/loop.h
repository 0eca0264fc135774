// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/run_directory.h"
#include "engine/train/checkpoint_keeper.h"
#include "engine/train/guard.h"
#include "engine/train/journal.h"
#include "engine/train/task.h"

namespace ecumene::engine::train {

/// How far a run is, for who watches it.
struct Status {
  std::int64_t step = 0, steps = 0;    ///< made; in all, as far as is known
  std::int64_t epoch = 0, epochs = 0;  ///< finished; in all
  double loss = 0.0, learningRate = 0.0;
  double samplesPerSecond = 0.0;
  double secondsLeft = 0.0;  ///< at the rate of this process; NaN before its first step
  std::string note;          ///< what else is to be said: "validation 0.81, the best so far"; empty: nothing
};

struct TrainOptions {
  std::function<void(const Status&)> onStep;  ///< after each step and each evaluation
  std::function<bool()> interrupted;          ///< asked at step boundaries: end with a checkpoint
};

enum class Ending {
  kFinished,     ///< all epochs, or no better score for train.patience evaluations
  kStopped,      ///< by the command stop
  kInterrupted,  ///< TrainOptions::interrupted
};
struct Outcome {
  Ending ending = Ending::kFinished;
  std::int64_t step = 0;
  std::string reason;  ///< in words
};

/// Trains the run, claimed by the caller, on the task that `make` gives for its spec, from its newest whole checkpoint
/// or its first weights, until it ends. What happens is in its journal: metrics, events, state, also where it fails;
/// then it throws. Steps that a damaged checkpoint has lost are told in a note. Refused where what the task learns from
/// is not what the run began with (its event "learns_from").
Outcome trainOn(run::RunDirectory& run, const TrainOptions& options,
                const std::function<std::unique_ptr<Task>(const config::RunSpec&)>& make);

/// Steps, and what is between them: commands, checkpoints, evaluations. For trainOn().
class Loop {
 public:
  Loop(run::RunDirectory& run, Task& task, config::RunSpec spec, const TrainOptions& options);
  Outcome train();
  [[nodiscard]] std::int64_t stepsMade() const { return progress_.step; }

 private:
  using Clock = std::chrono::steady_clock;

  // Where the run stands: loop_resume.cpp.
  void resume();
  void requireSameData();
  void requireSameOrder(const checkpoint::Checkpoint& from) const;
  /// What is left to do where a run cannot go on.
  [[nodiscard]] std::string beginAnew() const;
  [[nodiscard]] std::int64_t lastWritten() const;
  void forgetBestThatIsGone();
  void tellLost(const std::vector<std::string>& skipped, std::int64_t lastWritten);
  /// What advice on run.toml says besides, where the newest checkpoint lies within an epoch that the micro-batch
  /// orders; else nothing.
  [[nodiscard]] std::string howMicroBatchIsTakenUp() const;
  [[nodiscard]] std::int64_t stepsPerEpoch() const;
  [[nodiscard]] std::int64_t totalSteps() const { return stepsPerEpoch() * spec_.train.epochs; }
  [[nodiscard]] double epochsDone() const;
  [[nodiscard]] std::int64_t scheduleStep() const;
  [[nodiscard]] Journal::Stalls stalls() const { return {task_.waited(), keeper_.stallSeconds()}; }

  // One step.
  bool step();
  StepGradient gradientOrAdvice(const StepKey& key);
  bool fits(std::int64_t microBatch, const StepKey& key);
  bool isGood(const StepGradient& gradient);
  void rollBack();

  // Between steps: loop_commands.cpp.
  void refuseLeftOvers();
  std::optional<Ending> boundary();
  /// Throws Error where the run's folder is gone or moved: its checkpoints would come to lie where no run is.
  void requireFolder() const;
  [[nodiscard]] bool isInterrupted();
  std::optional<Ending> obeyAll();
  std::optional<Ending> obey(const run::Command& command);
  void change(const run::Command& command);
  /// By a command, or since a checkpoint cannot be written.
  [[nodiscard]] bool isHeld() const { return paused_ || keeper_.obstacle() != nullptr; }
  /// Until nothing holds the run any more; the state paused meanwhile.
  std::optional<Ending> wait();
  /// False where the journal's disk takes nothing now.
  bool show(run::State state, const std::string& reason);

  // Evaluation and end.
  void save() { keeper_.save(task_.learner().capture(), progress_, guard_, scale_, spec_); }
  void evaluate();
  [[nodiscard]] bool hasWaitedLongEnough() const {
    return spec_.train.patience > 0 && progress_.sinceBest >= spec_.train.patience;
  }
  Outcome finish(Ending ending);
  void tell(const std::string& note);

  run::RunDirectory& run_;
  Task& task_;
  const TrainOptions& options_;
  config::RunSpec spec_;
  Guard guard_;
  LossScale scale_;
  Journal journal_;
  checkpoint::Progress progress_;

  std::string reason_;   ///< why it ends
  bool paused_ = false;  ///< by a command
  Answers answers_{run_};
  std::int64_t samplesHere_ = 0;
  double rate_ = 0.0, epochsAtStart_ = -1.0;
  Clock::time_point begun_ = Clock::now(), polled_;
  CheckpointKeeper keeper_;
};

}  // namespace ecumene::engine::train
