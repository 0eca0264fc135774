// SPDX-License-Identifier: Apache-2.0
#include "engine/train/trainer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include "data/base/error.h"
#include "engine/optim/schedule.h"
#include "engine/run/commands.h"
#include "engine/train/beginning.h"
#include "engine/train/checkpoint_keeper.h"
#include "engine/train/evaluation.h"
#include "engine/train/guard.h"
#include "engine/train/journal.h"
#include "engine/train/memory.h"
#include "engine/train/rope_warm_up.h"
#include "engine/train/runs.h"
#include "engine/train/side_by_side.h"
#include "engine/train/step.h"
#include "models/spec/attention_kind.h"

namespace ecumene::engine::train {
namespace {

using checkpoint::Checkpoint;
using checkpoint::Progress;
using Clock = std::chrono::steady_clock;

constexpr auto kPollInterval = std::chrono::milliseconds(100);

double secondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

class Trainer {
 public:
  Trainer(run::RunDirectory& run, const data::store::Store& store, const TrainOptions& options)
      : run_(run),
        store_(store),
        options_(options),
        spec_(currentSpec(run)),
        content_(loadContent(run.folder(), spec_)),
        learner_(spec_, content_),
        feed_(store, content_, spec_, ofSplit(trainSplit(spec_.data), spec_)),
        validation_(store, content_, spec_, forEvaluation(data::planet::Split::kValidation, spec_)),
        scale_(spec_.train.precision == "float16"),
        keeper_(run) {
    if (feed_.samples() == 0) {
      throw Error("there is nothing to train on").on(spec_.data.store).expected("planets of split " + spec_.data.split);
    }
  }

  Outcome train() {
    refuseLeftOvers();
    resume();
    run_.setState(run::State::kRunning);
    learner_.network.model->train();
    while (progress_.epoch < spec_.train.epochs) {
      if (hasWaitedLongEnough()) return finish(Ending::kFinished, patienceReason());
      feed_.start(progress_.epoch, progress_.position);
      journal_.restartClock(stalls());
      while (step()) {
        if (const auto ending = boundary()) return finish(*ending, reason_);
      }
      ++progress_.epoch;
      progress_.position = 0;
      if (progress_.epoch % spec_.train.evaluateEpochs == 0 || progress_.epoch >= spec_.train.epochs) evaluateNow();
    }
    if (hasWaitedLongEnough()) return finish(Ending::kFinished, patienceReason());
    return finish(Ending::kFinished, fmt::format("all {} epochs are done", spec_.train.epochs));
  }

  [[nodiscard]] std::int64_t stepsMade() const { return progress_.step; }

 private:
  // --- where the run stands ---

  void refuseLeftOvers() {
    for (const run::Command& command : run_.commands("requested")) {
      if (command.word == "stop" || command.word == "pause" || command.word == "resume") {
        run_.answer(command.id, "refused", "asked for while nothing ran");
      }
    }
  }

  void resume() {
    std::vector<std::string> skipped;
    const auto newest = checkpoint::newest(run_.checkpoints(), &skipped);
    if (newest) {
      const Checkpoint checkpoint = checkpoint::read(*newest);
      learner_.restore(checkpoint);
      progress_ = checkpoint.progress;
      guard_.load(progress_.numbers);
      scale_.load(progress_.numbers);
      run_.forgetAfter(progress_.step);
    }
    for (const std::string& what : skipped) run_.event(progress_.step, "checkpoint_damaged", what);
    run_.event(progress_.step, "attention", models::spec::inRuns(learner_.network.attention));
    if (newest) {
      run_.event(progress_.step, "resumed", "from " + newest->filename().string());
    } else {
      if (!spec_.train.begin.empty()) {
        learner_.begin(beginningWeights(spec_.train.begin, content_.tokeniser->sha256(), content_.vocabulary->sha256()),
                       spec_.train.ema);
        run_.event(0, "began_with", spec_.train.begin);
      }
      run_.event(0, "started",
                 fmt::format("{} samples, {} threads, on {}", feed_.samples(), spec_.train.threads,
                             learner_.network.device.str()));
      save();
    }
  }

  /// Micro-batches vary a little from epoch to epoch, so the schedule goes by the share of the epoch that is done.
  [[nodiscard]] std::int64_t stepsPerEpoch() const {
    const std::int64_t perStep = spec_.train.microBatch * spec_.train.accumulate;
    return (static_cast<std::int64_t>(feed_.samples()) + perStep - 1) / perStep;
  }
  [[nodiscard]] std::int64_t totalSteps() const { return stepsPerEpoch() * spec_.train.epochs; }
  [[nodiscard]] double epochsDone() const {
    const auto batches = static_cast<double>(std::max<std::int64_t>(feed_.batches(), 1));
    return static_cast<double>(progress_.epoch) + static_cast<double>(progress_.position) / batches;
  }
  [[nodiscard]] std::int64_t scheduleStep() const {
    const auto step = static_cast<std::int64_t>(epochsDone() * static_cast<double>(stepsPerEpoch()) + 1e-6);
    return std::min(step, totalSteps() - 1);
  }
  [[nodiscard]] Journal::Stalls stalls() const { return {feed_.waited(), keeper_.stallSeconds()}; }

  // --- one step ---

  /// False at the end of the epoch.
  bool step() {
    const std::int64_t at = scheduleStep();
    const double annealing = spec_.train.klShare * static_cast<double>(totalSteps());
    const StepKey key{progress_.step, annealing > 0.0 ? std::min(1.0, static_cast<double>(at) / annealing) : 1.0,
                      scale_.value(), ropeReach(spec_.train, at, totalSteps())};
    const double rate = optim::learningRate(spec_.train, at, totalSteps());
    const StepGradient gradient = gradientOrMemory(key);
    if (gradient.samples == 0) return false;
    progress_.position = feed_.position();
    ++progress_.step;
    // A step that is left out leaves its samples out of the contrast's bank, too.
    if (!isGood(gradient)) return true;
    for (const auto& seen : gradient.seen) learner_.network.model->remember(seen);
    (void)optim::clipGradients(learner_.optimiser->groups(), spec_.train.clip);
    learner_.optimiser->step(rate);
    if (learner_.ema) learner_.ema->update();
    samplesHere_ += gradient.samples;
    journal_.add(gradient, rate, scale_.value(), epochsDone());
    if (progress_.step % spec_.train.journalSteps == 0) run_.metrics(progress_.step, journal_.row(stalls()));
    tell(rate, {});
    return true;
  }

  StepGradient gradientOrMemory(const StepKey& key) {
    try {
      return takeGradient(learner_, feed_, spec_, key, batches_);
    } catch (const std::exception& error) {
      if (!isOutOfMemory(error)) throw;
      learner_.optimiser->zeroGradients();
      throw outOfMemory(error, spec_.train, [&](std::int64_t microBatch) { return fits(microBatch, key); });
    }
  }

  bool fits(std::int64_t microBatch, const StepKey& key) {
    config::RunSpec smaller = spec_;
    smaller.train.microBatch = microBatch;
    smaller.train.accumulate = static_cast<std::int64_t>(sideBySide(spec_.train, learner_.network.device));
    try {
      batches_.clear();
      Feed feed(store_, content_, smaller, ofSplit(trainSplit(spec_.data), smaller));
      feed.start(progress_.epoch);
      (void)takeGradient(learner_, feed, smaller, key, batches_);
      learner_.optimiser->zeroGradients();
      return true;
    } catch (const std::exception& error) {
      if (!isOutOfMemory(error)) throw;
      learner_.optimiser->zeroGradients();
      return false;
    }
  }

  bool isGood(const StepGradient& gradient) {
    if (scale_.after(std::isfinite(gradient.norm)) && std::isfinite(gradient.loss)) {
      run_.event(progress_.step, "loss_scale", fmt::format("an overflow; the scale is now {:g}", scale_.value()));
      return false;
    }
    const Verdict verdict = guard_.judge(gradient.loss, gradient.norm, spec_.train.spike);
    if (verdict == Verdict::kGood) return true;
    const std::string what = fmt::format("{}; samples {}", guard_.reason(), fmt::join(gradient.sampleIds, ", "));
    run_.event(progress_.step, "skipped", what);
    if (verdict == Verdict::kRollBack) rollBack();
    if (verdict == Verdict::kStop) {
      throw Error(
          fmt::format("{} bad steps in a row once more, after {} rollbacks", Guard::kPatience, Guard::kMostRollbacks))
          .on(fmt::format("step {}", progress_.step))
          .found(what)
          .next("look at these samples, or lower train.lr");
    }
    return false;
  }

  /// Weights, averages and optimiser as the last checkpoint has them; the data goes on behind the bad samples.
  void rollBack() {
    keeper_.wait();
    const auto newest = checkpoint::newest(run_.checkpoints());
    if (!newest) throw Error("there is no checkpoint to go back to").on(run_.folder().string());
    learner_.restore(checkpoint::read(*newest));
    run_.event(progress_.step, "rolled_back",
               fmt::format("weights of {}, rollback {} of {}", newest->filename().string(), guard_.rollbacks(),
                           Guard::kMostRollbacks));
  }

  // --- between steps ---

  std::optional<Ending> boundary() {
    keeper_.collect();
    if (options_.interrupted && options_.interrupted()) {
      reason_ = "asked to by a signal";
      return Ending::kInterrupted;
    }
    if (Clock::now() - polled_ >= kPollInterval || polled_ == Clock::time_point{}) {
      polled_ = Clock::now();
      if (const auto ending = obey()) return ending;
    }
    if (keeper_.isDue(spec_.train)) save();
    return std::nullopt;
  }

  std::optional<Ending> obey() {
    for (const run::Command& command : run_.commands("requested")) {
      run_.answer(command.id, "accepted", "");
      try {
        if (const auto ending = obey(command)) return ending;
      } catch (const Error& error) {
        run_.answer(command.id, "refused", error.what());
      }
    }
    return std::nullopt;
  }

  std::optional<Ending> obey(const run::Command& command) {
    if (command.word == "pause") return pause(command.id);
    if (command.word == "stop") {
      reason_ = "asked to by a command";
      run_.answer(command.id, "done", fmt::format("at step {}", progress_.step));
      return Ending::kStopped;
    }
    if (command.word == "checkpoint") {
      keeper_.answerWhenWritten(command.id, progress_.step);
      save();
      return std::nullopt;
    }
    if (command.word == "extend" || command.word == "set") {
      const config::RunSpec changed = command.word == "set" ? run::withLiveOption(spec_, command.argument)
                                                            : run::extended(spec_, command.argument, progress_.epoch);
      spec_ = changed;
      // Steps that were made with the old value are not made again with the new one.
      save();
      run_.event(progress_.step, command.word, command.argument);
      run_.answer(command.id, "done", fmt::format("from step {} on", progress_.step + 1));
      return std::nullopt;
    }
    if (command.word == "resume") throw Error("the run is not paused");
    throw Error("there is no such command")
        .on(command.word)
        .expected("one of pause, resume, stop, checkpoint, extend, set");
  }

  std::optional<Ending> pause(std::int64_t id) {
    run_.answer(id, "done", fmt::format("paused at step {}", progress_.step));
    run_.setState(run::State::kPaused);
    run_.event(progress_.step, "paused", "");
    while (true) {
      std::this_thread::sleep_for(kPollInterval);
      keeper_.collect();
      if (options_.interrupted && options_.interrupted()) {
        reason_ = "asked to by a signal";
        return Ending::kInterrupted;
      }
      for (const run::Command& command : run_.commands("requested")) {
        if (command.word == "resume") {
          run_.answer(command.id, "done", "");
          run_.setState(run::State::kRunning);
          run_.event(progress_.step, "continued", "");
          journal_.restartClock(stalls());
          return std::nullopt;
        }
        run_.answer(command.id, "accepted", "");
        try {
          if (command.word == "pause") throw Error("the run is paused already");
          if (const auto ending = obey(command)) return ending;
        } catch (const Error& error) {
          run_.answer(command.id, "refused", error.what());
        }
      }
    }
  }

  void save() { keeper_.save(learner_.capture(), progress_, guard_, scale_, spec_); }

  // --- evaluation and end ---

  void evaluateNow() {
    if (validation_.samples() == 0) return;
    Evaluation evaluation;
    learner_.evaluated([&] { evaluation = evaluate(learner_.network, validation_, spec_); });
    std::vector<run::Metric> metrics;
    for (const auto& [name, value] : evaluation.metrics) metrics.push_back({name, value});
    run_.metrics(progress_.step, metrics);
    const bool better =
        std::isfinite(evaluation.score) && (progress_.bestStep < 0 || !(evaluation.score >= progress_.bestScore));
    if (better) {
      progress_.bestScore = evaluation.score;
      progress_.bestStep = progress_.step;
      progress_.sinceBest = 0;
      save();
    } else {
      ++progress_.sinceBest;
    }
    const std::string said = evaluation.words();
    tell(std::nullopt, fmt::format("epoch {}: validation {:.4f}{}{}", progress_.epoch, evaluation.score,
                                   said.empty() ? "" : " (" + said + ")", better ? ", the best so far" : ""));
  }

  [[nodiscard]] bool hasWaitedLongEnough() const {
    return spec_.train.patience > 0 && progress_.sinceBest >= spec_.train.patience;
  }
  [[nodiscard]] std::string patienceReason() const {
    return fmt::format("no better score in {} evaluations", progress_.sinceBest);
  }

  Outcome finish(Ending ending, const std::string& reason) {
    if (keeper_.savedStep() != progress_.step) save();
    keeper_.finish();
    run_.event(progress_.step, ending == Ending::kFinished ? "finished" : "stopped", reason);
    run_.setState(ending == Ending::kFinished ? run::State::kFinished : run::State::kStopped, reason);
    run_.flush();
    return {ending, progress_.step, reason};
  }

  void tell(std::optional<double> rate, const std::string& note) {
    if (rate) rate_ = *rate;
    if (!options_.onStep) return;
    const double seconds = secondsSince(begun_);
    Status status;
    status.step = progress_.step;
    status.steps = std::max(totalSteps(), progress_.step);
    status.epoch = progress_.epoch;
    status.epochs = spec_.train.epochs;
    status.loss = journal_.loss();
    status.learningRate = rate_;
    status.samplesPerSecond = static_cast<double>(samplesHere_) / seconds;
    if (epochsAtStart_ < 0.0) epochsAtStart_ = epochsDone();
    const double done = epochsDone() - epochsAtStart_;
    status.secondsLeft = done > 0.0 ? seconds / done * (static_cast<double>(spec_.train.epochs) - epochsDone())
                                    : std::numeric_limits<double>::quiet_NaN();
    status.note = note;
    options_.onStep(status);
  }

  run::RunDirectory& run_;
  const data::store::Store& store_;
  const TrainOptions& options_;
  config::RunSpec spec_;
  data::batch::TrainingContent content_;
  Learner learner_;
  Feed feed_, validation_;
  Guard guard_;
  LossScale scale_;
  Journal journal_;
  Progress progress_;
  std::vector<data::batch::MultiModalBatch> batches_;

  std::string reason_;
  std::int64_t samplesHere_ = 0;
  double rate_ = 0.0, epochsAtStart_ = -1.0;
  Clock::time_point begun_ = Clock::now(), polled_;
  CheckpointKeeper keeper_;
};

}  // namespace

Outcome train(run::RunDirectory& run, const data::store::Store& store, const TrainOptions& options) {
  std::int64_t step = 0;
  const auto fail = [&](const std::string& what) {
    run.event(step, "failed", what);
    run.setState(run::State::kFailed, what);
    run.flush();
  };
  try {
    prepareTorch(run.spec().train);
    Trainer trainer(run, store, options);
    try {
      return trainer.train();
    } catch (...) {
      step = trainer.stepsMade();
      throw;
    }
  } catch (const std::exception& error) {
    fail(error.what());
    throw;
  }
}

}  // namespace ecumene::engine::train
