// SPDX-License-Identifier: Apache-2.0
// Where a training begins or goes on: from which checkpoint, on what data, and what was lost.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "data/base/error.h"
#include "engine/run/events.h"
#include "engine/train/changed_options.h"
#include "engine/train/count.h"
#include "engine/train/loop.h"
#include "engine/train/peak.h"
#include "models/spec/attention_kind.h"

namespace ecumene::engine::train {

using checkpoint::Checkpoint;

void Loop::resume() {
  requireSameData();
  const std::int64_t written = lastWritten();
  std::vector<std::string> skipped;
  const auto newest = checkpoint::newest(run_.checkpoints(), &skipped);
  if (!newest && !skipped.empty()) {
    throw Error("none of the run's checkpoints can be read")
        .on(run_.checkpoints().string())
        .found(skipped.front())
        .next("bring one back from a copy; without any the training begins again: move them away");
  }
  if (newest) {
    const Checkpoint checkpoint = checkpoint::read(*newest);
    requireSameOrder(checkpoint);
    withChangesNamed(checkpoint.runToml, spec_, [&] { task_.learner().restore(checkpoint); });
    progress_ = checkpoint.progress;
    guard_.load(progress_.numbers);
    scale_.load(progress_.numbers);
    run_.forgetAfter(progress_.step);
  } else if (run_.lastMetric() > 0) {
    run_.forgetAfter(-1);  // ended before its first checkpoint was whole
  }
  progress_.positionUnit = task_.positionUnit();
  for (const std::string& what : skipped) run_.event(progress_.step, "checkpoint_damaged", what);
  tellLost(skipped, written);
  forgetBestThatIsGone();
  run_.event(progress_.step, "attention", models::spec::inRuns(task_.learner().attention()));
  run_.event(progress_.step, "peak", peakInWords(deviceName(task_.learner().device()), spec_.train.precision));
  if (newest) {
    run_.event(progress_.step, "resumed", "from " + newest->filename().string());
    return;
  }
  if (!spec_.train.begin.empty()) {
    task_.learner().begin(task_.beginning());
    run_.event(0, "began_with", spec_.train.begin);
  }
  run_.event(0, "started", task_.about());
  if (task_.evaluatesBeginning()) evaluate();
  if (!keeper_.hasSaved()) save();
}

std::string Loop::beginAnew() const {
  return "let a new run begin with this one's weights: train.begin=" + run_.folder().string();
}

/// The run remembers what it began with.
void Loop::requireSameData() {
  const std::string now = task_.learnsFrom();
  for (const run::Event& event : run::eventsOf(run_, {"learns_from"})) {
    if (event.text == now) return;
    throw Error("what there is to learn from is not what the run began with")
        .on(run_.folder().string())
        .expected(event.text)
        .found(now)
        .next("bring it back, or " + beginAnew());
  }
  run_.event(0, "learns_from", now);
}

/// Step of the newest checkpoint that the journal knows of; -1: of none.
std::int64_t Loop::lastWritten() const {
  std::int64_t step = -1;
  for (const run::Event& event : run::eventsOf(run_, {"checkpoint", "resumed", "started"})) {
    if (event.kind == "checkpoint") step = std::max(step, event.step);
    // What was written before is past: the steps behind it were made again, or are.
    if (event.kind != "checkpoint") step = std::min(step, event.step);
  }
  return step;
}

/// A checkpoint that is not the newest may name a best one that made way for a better one since.
void Loop::forgetBestThatIsGone() {
  if (progress_.bestStep < 0) return;
  const std::filesystem::path best = checkpoint::folderOf(run_.checkpoints(), progress_.bestStep);
  if (std::filesystem::is_directory(best)) return;
  run_.event(progress_.step, "best_gone", best.filename().string());
  tell("the best checkpoint so far, " + best.filename().string() + ", is gone: the next evaluation is the best again");
  progress_.bestStep = -1;
  progress_.bestScore = std::numeric_limits<double>::quiet_NaN();
  progress_.sinceBest = 0;
}

/// Who watches is to know that work was lost, and how much of it.
void Loop::tellLost(const std::vector<std::string>& skipped, std::int64_t lastWritten) {
  const std::vector<std::int64_t> all = checkpoint::steps(run_.checkpoints());
  const std::int64_t last = std::max(lastWritten, all.empty() ? -1 : all.back());
  if (!options_.onStep || (skipped.empty() && last <= progress_.step)) return;
  Status status;
  for (const std::string& what : skipped) status.note += what + "\n";
  if (skipped.empty()) status.note = fmt::format("the checkpoint of step {} is gone\n", last);
  status.note += progress_.step > 0 || last < 0
                     ? fmt::format("going on from step {}: {} trained again", progress_.step,
                                   counted(last - progress_.step, "step is", "steps are"))
                     : fmt::format("training begins again: {} lost", counted(last, "step is", "steps are"));
  options_.onStep(status);
}

/// An epoch ends as it began: after its first step no option may change that numbers its positions.
void Loop::requireSameOrder(const Checkpoint& from) const {
  if (from.progress.position == 0) return;
  const std::string& unit = from.progress.positionUnit;
  if (unit != task_.positionUnit() && !(unit.empty() && task_.hadThisUnitUnsaid())) {
    throw Error("the run is within an epoch whose positions count something else than this version's")
        .on(checkpoint::folderOf(run_.checkpoints(), from.progress.step).string())
        .expected(task_.positionUnit())
        .found(unit.empty() ? "a checkpoint that does not say" : unit)
        .next("let the version that wrote it end the epoch, or " + beginAnew());
  }
  const std::vector<std::string> keys = task_.orderedBy();
  for (const ChangedOption& option : changedOptions(from.runToml, spec_)) {
    if (std::ranges::find(keys, option.key) == keys.end()) continue;
    throw Error("the run is within an epoch whose samples are ordered by another value of this option")
        .on(option.key)
        .expected(fmt::format("{} until epoch {} is done", option.was, from.progress.epoch + 1))
        .found(option.is)
        .next("set it back in run.toml, or " + beginAnew());
  }
}

}  // namespace ecumene::engine::train
