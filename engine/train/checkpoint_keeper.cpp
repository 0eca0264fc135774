// SPDX-License-Identifier: Apache-2.0
#include "engine/train/checkpoint_keeper.h"

#include <fmt/format.h>

#include <string>
#include <tuple>
#include <utility>

#include "engine/checkpoint/interval.h"

namespace ecumene::engine::train {

bool CheckpointKeeper::isDue(const config::TrainSpec& spec) const {
  if (isWriting()) return false;
  const double seconds = std::chrono::duration<double>(Clock::now() - savedAt_).count();
  if (spec.checkpointMinutes > 0.0) return seconds >= spec.checkpointMinutes * 60.0;
  const auto written = writer_.writeSeconds();
  // Before the first one is written there is nothing to reckon with; it is on its way.
  return written && seconds >= checkpoint::interval(*written, spec.failuresPerDay);
}

void CheckpointKeeper::save(checkpoint::Checkpoint captured, const checkpoint::Progress& progress, const Guard& guard,
                            const LossScale& scale, const config::RunSpec& spec) {
  auto numbers = std::move(captured.progress.numbers);
  captured.progress = progress;
  guard.save(numbers);
  scale.save(numbers);
  captured.progress.numbers = std::move(numbers);
  captured.runToml = config::toToml(spec);
  writer_.write(captured, spec.train.keepCheckpoints);
  saved_ = progress;
  savedAt_ = Clock::now();
}

void CheckpointKeeper::collect() {
  for (const checkpoint::Outcome& outcome : writer_.collect()) {
    const bool known = obstacle() != nullptr;
    failure_ = outcome.error;
    const bool again = obstacle() != nullptr;
    const std::string what = outcome.error ? outcome.error->what() : fmt::format("in {:.2f} s", outcome.seconds);
    if (!again || !known) run_.event(outcome.step, outcome.error ? "checkpoint_failed" : "checkpoint", what);
    if (again) continue;
    // An obstacle may have put off what was asked for at earlier steps.
    const auto answered = awaited_.upper_bound(outcome.step);
    for (auto asked = awaited_.begin(); asked != answered; ++asked) {
      for (const std::int64_t command : asked->second) answers_.give(command, outcome.error ? "refused" : "done", what);
    }
    awaited_.erase(awaited_.begin(), answered);
  }
}

bool CheckpointKeeper::hasSaved(const checkpoint::Progress& progress) const {
  const auto place = [](const checkpoint::Progress& of) {
    return std::tuple(of.step, of.epoch, of.position, of.bestStep, of.sinceBest);
  };
  return saved_ && place(*saved_) == place(progress);
}

const Error* CheckpointKeeper::obstacle() const {
  return failure_ && failure_->kind() == ErrorKind::kEnvironment ? &*failure_ : nullptr;
}

void CheckpointKeeper::finish() {
  writer_.wait();
  collect();
  if (failure_) throw Error(*failure_).within("writing the last checkpoint");
}

}  // namespace ecumene::engine::train
