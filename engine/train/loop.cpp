// SPDX-License-Identifier: Apache-2.0
#include "engine/train/loop.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "data/base/error.h"
#include "engine/optim/schedule.h"
#include "engine/run/commands.h"
#include "engine/train/count.h"
#include "engine/train/flops.h"
#include "engine/train/memory.h"
#include "engine/train/model_memory.h"
#include "engine/train/peak.h"
#include "engine/train/rope_warm_up.h"

namespace ecumene::engine::train {

Loop::Loop(run::RunDirectory& run, Task& task, config::RunSpec spec, const TrainOptions& options)
    : run_(run),
      task_(task),
      options_(options),
      spec_(std::move(spec)),
      scale_(spec_.train.precision == "float16"),
      journal_(peakFlopsPerSecond(deviceName(task.learner().device()), spec_.train.precision)),
      keeper_(run, answers_) {}

Outcome Loop::train() {
  refuseLeftOvers();
  resume();
  run_.setState(run::State::kRunning);
  if (const auto ending = obeyAll()) return finish(*ending);  // what was asked for while nothing trained
  while (progress_.epoch < spec_.train.epochs && !hasWaitedLongEnough()) {
    task_.start(progress_.epoch, progress_.position);
    journal_.restartClock(stalls());
    for (Clock::time_point from = Clock::now(); step(); from = Clock::now()) {
      progress_.seconds += std::chrono::duration<double>(Clock::now() - from).count();
      if (const auto ending = boundary()) return finish(*ending);
    }
    ++progress_.epoch;
    progress_.position = 0;
    if (progress_.epoch % spec_.train.evaluateEpochs == 0 || progress_.epoch >= spec_.train.epochs) evaluate();
  }
  if (hasWaitedLongEnough()) {
    reason_ = "no better score in " + counted(progress_.sinceBest, "evaluation", "evaluations");
  } else {
    reason_ =
        spec_.train.epochs == 1 ? "its 1 epoch is done" : fmt::format("all {} epochs are done", spec_.train.epochs);
  }
  return finish(Ending::kFinished);
}

std::string Loop::howMicroBatchIsTakenUp() const {
  const std::vector<std::int64_t> all = checkpoint::steps(run_.checkpoints());
  if (all.empty() || std::ranges::count(task_.orderedBy(), "train.micro_batch") == 0) return {};
  try {
    const std::filesystem::path newest = checkpoint::folderOf(run_.checkpoints(), all.back());
    if (checkpoint::readManifest(newest).progress.position == 0) return {};
  } catch (const Error&) {
    // Then it may lie anywhere.
  }
  return "in a new run that begins with this one's weights, train.begin=" + run_.folder().string() +
         " (this one is within an epoch that the micro-batch orders)";
}

/// Micro-batches vary a little from epoch to epoch, so the schedule goes by the share of the epoch that is done.
std::int64_t Loop::stepsPerEpoch() const {
  const std::int64_t perStep = spec_.train.microBatch * spec_.train.accumulate;
  return (task_.samples() + perStep - 1) / perStep;
}

double Loop::epochsDone() const {
  const auto end = static_cast<double>(std::max<std::int64_t>(task_.end(), 1));
  return static_cast<double>(progress_.epoch) + static_cast<double>(progress_.position) / end;
}

std::int64_t Loop::scheduleStep() const {
  const auto step = static_cast<std::int64_t>(epochsDone() * static_cast<double>(stepsPerEpoch()) + 1e-6);
  return std::min(step, totalSteps() - 1);
}

/// False at the end of the epoch.
bool Loop::step() {
  const std::int64_t at = scheduleStep();
  const double annealing = spec_.train.klShare * static_cast<double>(totalSteps());
  const StepKey key{progress_.step, annealing > 0.0 ? std::min(1.0, static_cast<double>(at) / annealing) : 1.0,
                    scale_.value(), ropeReach(spec_.train, at, totalSteps())};
  rate_ = optim::learningRate(spec_.train, at, totalSteps());
  std::optional<FlopCounter> flops;
  if (Journal::looksCloser(progress_.step + 1, spec_.train.journalSteps)) flops.emplace();
  const StepGradient gradient = gradientOrAdvice(key);
  if (gradient.samples == 0) return false;
  progress_.position = task_.position();
  ++progress_.step;
  if (!isGood(gradient)) return true;
  task_.taken(gradient);
  journal_.add(gradient, key, rate_, epochsDone());
  if (flops) journal_.add({flops->count(), task_.learner().gradientAngles()});
  task_.learner().update(rate_, spec_.train.clip);
  samplesHere_ += gradient.samples;
  if (progress_.step % spec_.train.journalSteps == 0) run_.metrics(progress_.step, journal_.row(stalls()));
  tell({});
  return true;
}

StepGradient Loop::gradientOrAdvice(const StepKey& key) {
  try {
    return task_.gradient(spec_, key);
  } catch (const std::exception& error) {
    if (!isOutOfMemory(error)) throw;
    task_.learner().zeroGradients();
    keeper_.wait();
    throw outOfMemory(
        error, spec_.train, [&](std::int64_t microBatch) { return fits(microBatch, key); }, howMicroBatchIsTakenUp());
  }
}

bool Loop::fits(std::int64_t microBatch, const StepKey& key) {
  config::RunSpec smaller = spec_;
  smaller.train.microBatch = microBatch;
  bool enough = true;
  try {
    task_.tryGradient(smaller, key);
  } catch (const std::exception& error) {
    if (!isOutOfMemory(error)) throw;
    enough = false;
  }
  task_.learner().zeroGradients();
  return enough;
}

bool Loop::isGood(const StepGradient& gradient) {
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
void Loop::rollBack() {
  keeper_.wait();
  const auto newest = checkpoint::newest(run_.checkpoints());
  if (!newest) throw Error("there is no checkpoint to go back to").on(run_.folder().string());
  task_.learner().restore(checkpoint::read(*newest));
  run_.event(progress_.step, "rolled_back",
             fmt::format("weights of {}, rollback {} of {}", newest->filename().string(), guard_.rollbacks(),
                         Guard::kMostRollbacks));
}

void Loop::evaluate() {
  Evaluation evaluation;
  task_.learner().evaluated([&] {
    evaluation = withAdvice(
        spec_, [&] { return task_.evaluate(spec_); },
        [&] {
          keeper_.wait();
          return howMicroBatchIsTakenUp();
        });
  });
  if (evaluation.samples == 0) return;
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
  tell(fmt::format("epoch {}: {}{}", progress_.epoch, task_.inWords(evaluation), better ? ", the best so far" : ""));
}

Outcome Loop::finish(Ending ending) {
  if (!keeper_.hasSaved(progress_) || keeper_.obstacle() != nullptr) save();
  keeper_.wait();
  keeper_.collect();
  if (ending == Ending::kFinished && keeper_.obstacle() != nullptr) ending = wait().value_or(ending);
  keeper_.finish();
  answers_.giveWaiting();
  run_.event(progress_.step, ending == Ending::kFinished ? "finished" : "stopped", reason_);
  run_.setState(ending == Ending::kFinished ? run::State::kFinished : run::State::kStopped, reason_);
  run_.flush();
  return {ending, progress_.step, reason_};
}

void Loop::tell(const std::string& note) {
  if (!options_.onStep) return;
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  if (epochsAtStart_ < 0.0) epochsAtStart_ = epochsDone();
  const double done = epochsDone() - epochsAtStart_;
  Status status;
  status.step = progress_.step;
  status.steps = std::max(totalSteps(), progress_.step);
  status.epoch = progress_.epoch;
  status.epochs = spec_.train.epochs;
  status.loss = journal_.loss();
  status.learningRate = rate_;
  status.samplesPerSecond = static_cast<double>(samplesHere_) / seconds;
  status.secondsLeft = done > 0.0 ? seconds / done * (static_cast<double>(spec_.train.epochs) - epochsDone())
                                  : std::numeric_limits<double>::quiet_NaN();
  status.note = note;
  options_.onStep(status);
}

Outcome trainOn(run::RunDirectory& run, const TrainOptions& options,
                const std::function<std::unique_ptr<Task>(const config::RunSpec&)>& make) {
  const config::RunSpec spec = run::currentSpec(run);
  const auto begun = [&run] { return !checkpoint::steps(run.checkpoints()).empty(); };
  std::int64_t step = 0;
  const auto work = [&] {
    prepareTorch(spec.train);
    requireMemory(spec, begun());
    const std::unique_ptr<Task> task = make(spec);
    Loop loop(run, *task, spec, options);
    try {
      const Outcome outcome = loop.train();
      if (outcome.ending == Ending::kFinished) task->conclude(run, outcome.reason);
      run.flush();
      return outcome;
    } catch (...) {
      step = loop.stepsMade();
      throw;
    }
  };
  try {
    try {
      return work();
    } catch (const std::exception& error) {
      // A step or an evaluation has said already what fits: this is the model, or a checkpoint's copy of it.
      if (!isOutOfMemory(error)) throw;
      throw modelTooLarge(spec, bytesFree(), saidBy(error), begun());
    }
  } catch (const std::exception& error) {
    try {
      run.event(step, "failed", error.what());
      run.setState(run::State::kFailed, error.what());
      run.flush();
    } catch (const std::exception&) {
      // Why it failed counts, not that this cannot be written either.
    }
    throw;
  }
}

}  // namespace ecumene::engine::train
