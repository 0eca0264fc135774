// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ecumene::engine::run {

/// Since 1970, as the times of records are.
inline double secondsNow() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

enum class State { kNew, kRunning, kPaused, kStopped, kFinished, kFailed };

/// "new", "running", "paused", "stopped", "finished", "failed".
std::string_view nameOf(State state);

/// Reason of a run that a signal has stopped: Ctrl-C, or the machine's end. Nobody has asked the run itself to stop.
inline constexpr std::string_view kBySignal = "asked to by a signal";

struct Status {
  State state = State::kNew;
  std::string reason;
  double time = 0.0;  ///< seconds since 1970
};

/// What somebody asks of a running trainer, and what became of it.
struct Command {
  std::int64_t id = 0;
  std::string word;      ///< pause, resume, stop, checkpoint, extend, set
  std::string argument;  ///< "train.lr=1e-4", "epochs=+2"
  std::string state;     ///< requested, accepted, done, refused
  std::string answer;    ///< reason or result
};

struct Metric {
  std::string name;
  double value;
};

struct MetricRow {
  std::int64_t sequence = 0, step = 0;
  double time = 0.0;  ///< seconds since 1970
  std::string name;
  double value = 0.0;  ///< NaN and infinities as they were
};

struct Event {
  std::int64_t sequence = 0, step = 0;
  double time = 0.0;  ///< seconds since 1970
  std::string kind, text;
};

/// A metric under its name's number in the journal (News::names).
struct Point {
  std::int64_t sequence = 0, step = 0;
  double time = 0.0;  ///< seconds since 1970
  std::int64_t name = 0;
  double value = 0.0;  ///< NaN and infinities as they were
};

/// What was added to a journal, as of one moment: a point of a step that a "rewound" among these events took back is
/// not among these points, unless it was made again.
struct News {
  std::vector<Event> events;
  std::vector<Point> points;
  std::map<std::int64_t, std::string> names;  ///< all of the journal's
};

}  // namespace ecumene::engine::run
