// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "engine/daemon/registry.h"

namespace ecumene::engine::daemon {

/// A metric of a run over a range of steps, in at most so many points. Columns of one length, by step.
struct Curve {
  std::string name;
  std::vector<std::int64_t> firstStep, lastStep;
  std::vector<double> minimum, maximum, mean;  ///< of finite values; NaN where there are none
  std::vector<std::uint32_t> count, infinite;  ///< points; of them NaN or infinite
};

/// One metric's points, by step.
class Column {
 public:
  void add(std::int64_t step, double value);
  /// Adds what was written later.
  void add(Column&& later);
  void forgetAfter(std::int64_t step);
  [[nodiscard]] std::size_t size() const { return step_.size(); }
  /// Points of steps in [first, last]: all of them if they are no more than `buckets`, else those of each of `buckets`
  /// equal ranges of steps together; ranges without points are left out. Needs buckets > 0.
  [[nodiscard]] Curve curve(std::int64_t first, std::int64_t last, std::size_t buckets) const;

 private:
  std::vector<std::int64_t> step_;
  std::vector<double> value_;
};

/// The metrics of one run in memory, and its newest events, as of the last update.
class History {
 public:
  static constexpr std::size_t kMostEvents = 5000;
  static constexpr std::size_t kLongestText = 16384;  ///< bytes of an event's kind and text that are kept, each

  /// Takes what the journal has more. Reads 10^7 rows once, in two halves at once, and later only what is new.
  void update(const run::RunDirectory& run);
  [[nodiscard]] std::int64_t lastSequence() const { return metric_; }
  [[nodiscard]] std::int64_t lastEvent() const { return event_; }
  [[nodiscard]] std::vector<std::string> names() const;
  /// Throws Error if the run has no such metric.
  [[nodiscard]] Curve curve(const std::string& name, std::int64_t first, std::int64_t last, std::size_t buckets) const;
  /// Of memory, about: 16 a point, and the events.
  [[nodiscard]] std::size_t bytes() const;
  /// The newest, at most kMostEvents, in their order.
  [[nodiscard]] const std::deque<run::Event>& events() const { return events_; }
  /// Of the run, in all.
  [[nodiscard]] std::uint64_t eventCount() const { return eventCount_; }

 private:
  void readWhole(const run::RunDirectory& run, std::int64_t last);
  void take(const std::vector<run::Event>& events);

  std::int64_t metric_ = 0, event_ = 0;
  std::map<std::string, Column, std::less<>> columns_;
  std::deque<run::Event> events_;
  std::uint64_t eventCount_ = 0;
  std::size_t eventBytes_ = 0;
};

/// Histories of the last runs that were asked for. Any thread.
class Histories {
 public:
  /// Of memory, beyond which the runs that were asked for longest ago are forgotten.
  static constexpr std::size_t kMostBytes = 640'000'000;

  struct Answer {
    std::vector<Curve> curves;
    std::int64_t lastSequence = 0, lastEvent = 0;
    std::vector<run::Event> events;   ///< the newest, in their order
    std::uint64_t eventsLeftOut = 0;  ///< that were before these
  };
  /// Of the run as it is now; `names` empty: all of its metrics. Throws Error where one is not there.
  Answer curves(const std::string& id, const OpenedRun& run, std::span<const std::string> names, std::int64_t first,
                std::int64_t last, std::size_t buckets, std::size_t events = 0);

 private:
  struct Kept {
    std::string id;
    OpenedRun run;
    std::mutex mutex;
    History history;
  };
  std::shared_ptr<Kept> keep(const std::string& id, const OpenedRun& run);
  void forgetOld();

  std::mutex mutex_;
  std::list<std::pair<std::shared_ptr<Kept>, std::size_t>> kept_;  ///< with its bytes; the last asked first
};

}  // namespace ecumene::engine::daemon
