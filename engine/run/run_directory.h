// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/run_spec.h"
#include "engine/run/records.h"

namespace ecumene::engine::run {

inline constexpr const char* kSpecName = "run.toml";  ///< its options; what has one is a run

/// A run's folder, the truth about it: run.toml, run.sqlite (the journal: WAL, synchronous FULL), lock, checkpoints/,
/// artifacts/, log. Any thread; any number of processes read and request, one trains (claim()). Errors name the run.
///
/// Metrics and events are committed by a thread of its own, so that training never waits for the disk. While the disk
/// is full they wait in memory and are tried again; other failures are thrown by the next call that writes.
class RunDirectory {
 public:
  /// Makes a new run. The folder must be absent, empty, or left by a creation that was cut short. Does not claim it.
  static RunDirectory create(const std::filesystem::path& folder, const config::RunSpec& spec);
  /// Throws Error if the folder is no run, one of a newer version of Ecumene, or its journal is damaged.
  static RunDirectory open(const std::filesystem::path& folder);
  /// Commits what is still waiting, as far as the disk takes it: call flush() to know.
  ~RunDirectory();
  RunDirectory(RunDirectory&&) noexcept;

  [[nodiscard]] const std::filesystem::path& folder() const;
  [[nodiscard]] std::filesystem::path checkpoints() const;
  [[nodiscard]] std::filesystem::path artifacts() const;
  [[nodiscard]] std::filesystem::path log() const;
  /// As run.toml says it.
  [[nodiscard]] const config::RunSpec& spec() const;

  /// Takes the run for this process until this object ends (a lock that the kernel releases, however the process ends).
  /// Throws Error naming the process that has it.
  void claim();
  /// Process that has claimed the run; none if nobody has: a run whose state is kRunning then was killed.
  [[nodiscard]] std::optional<std::int64_t> owner() const;

  /// A metric has one value a step, the first: what a resumed trainer makes again of the step it begins with, though
  /// the journal has kept it, is left out.
  void metrics(std::int64_t step, const std::vector<Metric>& metrics);
  void event(std::int64_t step, const std::string& kind, const std::string& text);
  /// Returns when every metric and event so far is on the disk; throws the Error that keeps them from it.
  void flush();
  /// Flushes, then says it: a state on the disk has all its metrics there too.
  void setState(State state, const std::string& reason = {});
  [[nodiscard]] Status status() const;
  [[nodiscard]] State state() const { return status().state; }
  /// Flushes, then removes the metrics of steps after `step`, which a resumed run makes again, and says so in an event
  /// "rewound" of that step. Sequence numbers are never used twice.
  void forgetAfter(std::int64_t step);

  /// In the order of their sequence numbers, those greater than `sequence`.
  [[nodiscard]] std::vector<MetricRow> metricsAfter(std::int64_t sequence, std::size_t limit = 100000) const;
  [[nodiscard]] std::vector<Event> eventsAfter(std::int64_t sequence, std::size_t limit = 100000) const;
  /// At most `limit` events and `limit` metrics after these sequence numbers, all of one moment: for who shows a run.
  /// Metrics come with the last of the events, so events alone do not mean that there are none.
  [[nodiscard]] News newsAfter(std::int64_t metric, std::int64_t event, std::size_t limit) const;
  /// Sequence number of the last metric; 0: there is none.
  [[nodiscard]] std::int64_t lastMetric() const;

  /// Asks the trainer; returns the command's id. Throws Error (kUsage) at a word it does not know.
  std::int64_t request(const std::string& word, const std::string& argument);
  /// In the order they were requested; all, or those in one state.
  [[nodiscard]] std::vector<Command> commands(std::string_view state = {}) const;
  /// `state`: accepted, done or refused. Throws Error if the command is not there or has been answered for good.
  void answer(std::int64_t command, std::string_view state, const std::string& text);

 private:
  struct Impl;
  explicit RunDirectory(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ecumene::engine::run
