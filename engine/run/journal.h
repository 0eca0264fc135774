// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/sql/sql.h"
#include "engine/run/records.h"

namespace ecumene::engine::run {

/// In the run's folder.
inline constexpr const char* kJournalName = "run.sqlite";
inline constexpr int kApplicationId = 0x4543524e;  // "ECRN"
/// Version of the run directory. One of a newer version is refused.
inline constexpr int kRunVersion = 1;

/// What happened at one step: metrics, or one event where `kind` is not empty.
struct Entry {
  std::int64_t step = 0;
  double time = 0.0;  ///< seconds since 1970
  std::vector<Metric> metrics;
  std::string kind, text;
};

/// run.sqlite through one connection; one thread at a time.
class Journal {
 public:
  /// Access::kCreate makes the tables where the file is new. Throws Error if it is no journal, one of a newer version,
  /// or damaged.
  Journal(const std::filesystem::path& file, data::sql::Access access);

  /// All or none of them; but a metric that the journal has of its step already stays as it was.
  void add(std::span<const Entry> entries);
  void setState(const Status& status);
  void forgetAfter(std::int64_t step, double time);
  std::int64_t request(std::string_view word, std::string_view argument, double time);
  void answer(std::int64_t command, std::string_view state, std::string_view text, double time);

  Status status();
  std::vector<MetricRow> metricsAfter(std::int64_t sequence, std::size_t limit);
  std::vector<Event> eventsAfter(std::int64_t sequence, std::size_t limit);
  News newsAfter(std::int64_t metric, std::int64_t event, std::size_t limit);
  /// `take(name's number, step, value)` for each metric with a sequence number in (after, through], in their order.
  template <class Take>
  void eachPoint(std::int64_t after, std::int64_t through, Take take) {
    data::sql::Statement points(connection_,
                                "SELECT name, step, value FROM metric WHERE sequence > ? AND sequence <= ? "
                                "ORDER BY sequence");
    points.bind(1, after).bind(2, through);
    while (points.step()) take(points.integer(0), points.integer(1), points.real(2));
  }
  /// Of all metrics, by their numbers.
  std::map<std::int64_t, std::string> names();
  std::int64_t lastMetric();
  std::vector<Command> commands(std::string_view state);

 private:
  void createTables();
  void requireVersion(const std::string& file);
  std::int64_t nameId(const std::string& name);

  data::sql::Connection connection_;
  std::map<std::string, std::int64_t, std::less<>> names_;  ///< of metric_name
};

}  // namespace ecumene::engine::run
