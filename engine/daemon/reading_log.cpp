// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/reading_log.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "data/base/error.h"

namespace ecumene::engine::daemon {
namespace {

namespace sql = data::sql;
using Json = nlohmann::json;

constexpr int kReadingVersion = 1;
constexpr const char* kRepair = "remove it: nothing else is in it";

// thinned: it goes once it is old.
constexpr const char* kReadingSchema = R"sql(
CREATE TABLE reading (
  time REAL PRIMARY KEY,
  thinned INTEGER NOT NULL,
  cpu_busy REAL,
  cores INTEGER NOT NULL,
  memory_total INTEGER NOT NULL,
  memory_available INTEGER NOT NULL,
  disk_total INTEGER NOT NULL,
  disk_free INTEGER NOT NULL,
  gpus TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX reading_thinned ON reading (time) WHERE thinned = 1;
)sql";

/// A list for each GPU; what it does not say is null.
std::string textOf(const std::vector<GpuReading>& gpus) {
  Json rows = Json::array();
  for (const GpuReading& gpu : gpus) {
    rows.push_back({gpu.index, gpu.memoryUsed, gpu.memoryTotal, gpu.busy, gpu.temperatureC, gpu.powerW});
  }
  return rows.dump();
}

std::vector<GpuReading> gpusOf(const std::string& text) {
  std::vector<GpuReading> gpus;
  const auto real = [](const Json& value) {
    return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
  };
  for (const Json& row : Json::parse(text)) {
    gpus.push_back({row.at(0).get<int>(),
                    {},
                    row.at(1).get<std::uint64_t>(),
                    row.at(2).get<std::uint64_t>(),
                    real(row.at(3)),
                    real(row.at(4)),
                    real(row.at(5))});
  }
  return gpus;
}

}  // namespace

ReadingLog::ReadingLog(const std::filesystem::path& file)
    : connection_(file, sql::Access::kCreate, {.database = "the daemon's list of readings", .repair = kRepair}) {
  if (!sql::isOfVersion(connection_, kReadingVersion, [&] { connection_.execute(kReadingSchema); })) {
    throw Error("the daemon's list of readings is another version's").on(file.string()).next(kRepair);
  }
  sql::Statement last(connection_, "SELECT max(time) FROM reading");
  if (last.step() && !last.isNull(0)) last_ = last.real(0);
}

void ReadingLog::add(const Readings& readings) {
  const std::lock_guard lock(mutex_);
  // A clock that was set back begins anew.
  const double since = readings.time - last_;
  if (since >= 0.0 && since < kPause) return;
  const bool thinned = std::floor(readings.time / kOldPause) == std::floor(last_ / kOldPause);
  sql::Transaction transaction(connection_);
  sql::Statement(connection_, "DELETE FROM reading WHERE time < ?1 OR time >= ?2")
      .bind(1, readings.time - kKept)
      .bind(2, readings.time)
      .run();
  sql::Statement(connection_, "DELETE FROM reading WHERE thinned = 1 AND time < ?")
      .bind(1, readings.time - kYoung)
      .run();
  sql::Statement(connection_, "INSERT INTO reading VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(1, readings.time)
      .bind(2, thinned)
      .bind(3, readings.cpuBusy)
      .bind(4, static_cast<std::int64_t>(readings.cores))
      .bind(5, readings.memoryTotal)
      .bind(6, readings.memoryAvailable)
      .bind(7, readings.diskTotal)
      .bind(8, readings.diskFree)
      .bind(9, textOf(readings.gpus))
      .run();
  transaction.commit();
  last_ = readings.time;
}

std::vector<Readings> ReadingLog::after(double time, std::size_t most) {
  const std::lock_guard lock(mutex_);
  const sql::Snapshot oneMoment(connection_);
  sql::Statement count(connection_, "SELECT count(*) FROM reading WHERE time > ?");
  count.bind(1, time).step();
  const auto there = static_cast<std::size_t>(count.integer(0));
  const std::size_t every = std::max<std::size_t>(1, (there + most - 1) / most);
  sql::Statement query(connection_,
                       "SELECT time, cpu_busy, cores, memory_total, memory_available, disk_total, disk_free, gpus "
                       "FROM reading WHERE time > ? ORDER BY time");
  query.bind(1, time);
  std::vector<Readings> readings;
  for (std::size_t left = there; query.step(); --left) {
    if ((left - 1) % every != 0) continue;
    const auto bytes = [&](int column) { return static_cast<std::uint64_t>(query.integer(column)); };
    readings.push_back({query.real(0),
                        query.real(1),
                        static_cast<unsigned>(query.integer(2)),
                        bytes(3),
                        bytes(4),
                        bytes(5),
                        bytes(6),
                        gpusOf(query.text(7)),
                        {}});
  }
  return readings;
}

}  // namespace ecumene::engine::daemon
