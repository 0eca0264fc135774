// SPDX-License-Identifier: Apache-2.0
// What happens between two steps: commands, signals, checkpoints that are due.
#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "data/base/error.h"
#include "engine/run/commands.h"
#include "engine/train/loop.h"

namespace ecumene::engine::train {
namespace {

constexpr auto kPollInterval = std::chrono::milliseconds(100);
/// Between two tries to write a checkpoint that an obstacle keeps from the disk: at first, at most.
constexpr std::chrono::seconds kFirstTry(1), kLongestTry(60);

}  // namespace

void Loop::refuseLeftOvers() {
  for (const run::Command& command : run_.commands("requested")) {
    if (command.word == "stop" || command.word == "pause" || command.word == "resume") {
      run_.answer(command.id, "refused", "asked for while nothing ran");
    }
  }
}

std::optional<Ending> Loop::boundary() {
  keeper_.collect();
  if (isInterrupted()) return Ending::kInterrupted;
  if (Clock::now() - polled_ >= kPollInterval || polled_ == Clock::time_point{}) {
    polled_ = Clock::now();
    requireFolder();
    if (const auto ending = obeyAll()) return ending;
  }
  if (isHeld()) return wait();
  if (keeper_.isDue(spec_.train)) save();
  return std::nullopt;
}

void Loop::requireFolder() const {
  std::error_code problem;
  const bool there = std::filesystem::exists(run_.folder() / run::kSpecName, problem);
  if (there || problem) return;  // whoever may not look does not know
  throw Error("the run is gone from its folder, so nothing could be kept of what is trained", ErrorKind::kEnvironment)
      .on(run_.folder().string())
      .next("bring it back and resume it");
}

bool Loop::isInterrupted() {
  if (!options_.interrupted || !options_.interrupted()) return false;
  reason_ = run::kBySignal;
  return true;
}

std::optional<Ending> Loop::obeyAll() {
  answers_.giveWaiting();
  for (const run::Command& command : run_.commands("requested")) {
    try {
      run_.answer(command.id, "accepted", "");
    } catch (const Error& error) {
      // A full disk takes no answer: it is asked for again at the next poll.
      if (error.kind() != ErrorKind::kEnvironment) throw;
      return std::nullopt;
    }
    try {
      if (const auto ending = obey(command)) return ending;
    } catch (const Error& error) {
      answers_.give(command.id, "refused", error.what());
    }
  }
  return std::nullopt;
}

std::optional<Ending> Loop::obey(const run::Command& command) {
  if (command.word == "pause") {
    if (paused_) throw Error("the run is paused already");
    paused_ = true;
    answers_.give(command.id, "done", fmt::format("paused at step {}", progress_.step));
    return std::nullopt;
  }
  if (command.word == "resume") {
    if (!paused_) throw Error("the run is not paused by a command");
    paused_ = false;
    answers_.give(command.id, "done", "");
    return std::nullopt;
  }
  if (command.word == "stop") {
    reason_ = "asked to by a command";
    answers_.give(command.id, "done", fmt::format("at step {}", progress_.step));
    return Ending::kStopped;
  }
  if (command.word == "checkpoint") {
    keeper_.answerWhenWritten(command.id, progress_.step);
    save();
    return std::nullopt;
  }
  if (command.word == "extend" || command.word == "set") {
    change(command);
    return std::nullopt;
  }
  throw Error("there is no such command")
      .on(command.word)
      .expected("one of pause, resume, stop, checkpoint, extend, set");
}

void Loop::change(const run::Command& command) {
  const std::int64_t epochs = spec_.train.epochs;
  spec_ = command.word == "set" ? run::withLiveOption(spec_, command.argument)
                                : run::extended(spec_, command.argument, progress_.epoch);
  if (command.word == "extend") progress_.sinceBest = 0;  // who asks for more epochs is not out of patience
  // Steps that were made with the old value are not made again with the new one.
  save();
  run_.event(progress_.step, command.word, command.argument);
  const std::string fewer =
      spec_.train.epochs < epochs ? fmt::format("; {} epochs in all, before {}", spec_.train.epochs, epochs) : "";
  answers_.give(command.id, "done", fmt::format("from step {} on{}", progress_.step + 1, fewer));
}

std::optional<Ending> Loop::wait() {
  const auto why = [this]() -> std::string {
    return keeper_.obstacle() != nullptr ? keeper_.obstacle()->what() : "asked to by a command";
  };
  std::string shown;  // the reason that the journal has
  run_.event(progress_.step, "paused", why());
  tell("paused: " + why());
  std::chrono::seconds pause = kFirstTry;
  Clock::time_point tried = Clock::now();
  while (isHeld()) {
    if (const std::string now = why(); now != shown && show(run::State::kPaused, now)) shown = now;
    std::this_thread::sleep_for(kPollInterval);
    requireFolder();
    keeper_.collect();
    if (isInterrupted()) return Ending::kInterrupted;
    if (const auto ending = obeyAll()) return ending;
    if (keeper_.isWriting()) tried = Clock::now();
    if (keeper_.obstacle() == nullptr || Clock::now() - tried < pause) continue;
    save();
    pause = std::min(2 * pause, kLongestTry);
  }
  (void)show(run::State::kRunning, "");
  run_.event(progress_.step, "continued", "");
  tell(fmt::format("continued at step {}", progress_.step));
  journal_.restartClock(stalls());
  return std::nullopt;
}

bool Loop::show(run::State state, const std::string& reason) {
  try {
    run_.setState(state, reason);
    return true;
  } catch (const Error& error) {
    // A full disk takes no state either; its metrics and events wait in memory.
    if (error.kind() != ErrorKind::kEnvironment) throw;
    return false;
  }
}

}  // namespace ecumene::engine::train
