// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/planet/planet.h"
#include "data/store/rows.h"
#include "engine/config/run_spec.h"
#include "engine/run/records.h"

namespace ecumene::ui::client {

/// A run as a list shows it.
struct RunRow {
  std::string id;  ///< unique in its source
  engine::run::Status status;
  std::optional<std::int64_t> process;  ///< that trains it now
  std::int64_t step = 0;                ///< of the newest metric
  /// A state "running" without a process: it was killed.
  [[nodiscard]] bool killed() const { return status.state == engine::run::State::kRunning && !process; }
};

struct ModelSize {
  std::vector<std::pair<std::string, std::int64_t>> parts;  ///< parameters by part
  std::int64_t total = 0;
};

/// Where planets and runs come from. Every function may wait for disk or socket and is called on one worker thread
/// alone (client.h); each throws ecumene::Error. Ids are given, never paths.
class Source {
 public:
  virtual ~Source() = default;
  /// For people: "planets in build/demo-store".
  [[nodiscard]] virtual std::string name() const = 0;

  virtual std::vector<data::store::Row> planets() = 0;
  virtual data::planet::Planet planet(const std::string& id) = 0;

  virtual std::vector<RunRow> runs() = 0;
  virtual engine::config::RunSpec specOf(const std::string& run) = 0;
  /// Sequence numbers greater than `sequence`, in their order.
  virtual std::vector<engine::run::MetricRow> metricsAfter(const std::string& run, std::int64_t sequence,
                                                           std::size_t limit) = 0;
  virtual std::vector<engine::run::Event> eventsAfter(const std::string& run, std::int64_t sequence,
                                                      std::size_t limit) = 0;
  virtual std::vector<engine::run::Command> commands(const std::string& run) = 0;
  /// Asks a trainer (records.h has the words); the answer stands in commands().
  virtual void request(const std::string& run, const std::string& word, const std::string& argument) = 0;
  /// Makes a run and starts it, apart from this process. Returns its id.
  virtual std::string launch(const std::string& id, const engine::config::RunSpec& spec) = 0;
  /// Goes on with a run that stands still.
  virtual void resume(const std::string& run) = 0;
  virtual ModelSize sizeOf(const engine::config::RunSpec& spec) = 0;
};

}  // namespace ecumene::ui::client
