// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/launches.h"

#include "data/base/error.h"

namespace ecumene::engine::daemon {
namespace {

namespace sql = data::sql;

constexpr int kLaunchVersion = 2;

constexpr const char* kLaunchSchema = R"sql(
CREATE TABLE launch (
  run TEXT PRIMARY KEY,
  position INTEGER NOT NULL UNIQUE,
  state INTEGER NOT NULL,
  slot TEXT NOT NULL,
  evaluate INTEGER NOT NULL,
  time REAL NOT NULL,
  pid INTEGER NOT NULL,
  started INTEGER NOT NULL,
  boot TEXT NOT NULL,
  ended REAL NOT NULL,
  ending TEXT NOT NULL,
  job TEXT NOT NULL DEFAULT ''
) STRICT;
)sql";

constexpr const char* kColumns =
    "SELECT run, state, slot, evaluate, time, pid, started, boot, ended, ending, job FROM launch ";

Launch rowOf(const sql::Statement& query) {
  Launch launch;
  launch.run = query.text(0);
  launch.state = static_cast<Launch::State>(query.integer(1));
  launch.slot = query.text(2);
  launch.evaluate = query.integer(3) != 0;
  launch.time = query.real(4);
  launch.process = {static_cast<pid_t>(query.integer(5)), static_cast<std::uint64_t>(query.integer(6)), query.text(7)};
  launch.ended = query.real(8);
  launch.ending = query.text(9);
  launch.job = query.text(10);
  return launch;
}

}  // namespace

Launches::Launches(const std::filesystem::path& file)
    : connection_(file, sql::Access::kCreate,
                  {.database = "the daemon's list of launches", .repair = "remove it: runs are not in it"}) {
  // Of a daemon that knew no Slurm.
  if (connection_.integer("PRAGMA user_version") == 1) {
    sql::Transaction transaction(connection_);
    connection_.execute("ALTER TABLE launch ADD COLUMN job TEXT NOT NULL DEFAULT ''");
    connection_.execute("PRAGMA user_version = " + std::to_string(kLaunchVersion));
    transaction.commit();
  }
  if (!sql::isOfVersion(connection_, kLaunchVersion, [&] { connection_.execute(kLaunchSchema); })) {
    throw Error("the daemon's list of launches is another version's")
        .on(file.string())
        .next("end the runs and remove it: runs are not in it");
  }
  connection_.execute("PRAGMA synchronous = FULL");
}

std::vector<Launch> Launches::all() {
  sql::Statement query(connection_, std::string(kColumns) + "ORDER BY position");
  std::vector<Launch> launches;
  while (query.step()) launches.push_back(rowOf(query));
  return launches;
}

std::optional<Launch> Launches::of(const std::string& run) {
  sql::Statement query(connection_, std::string(kColumns) + "WHERE run = ?");
  query.bind(1, run);
  if (!query.step()) return std::nullopt;
  return rowOf(query);
}

void Launches::put(const Launch& launch) {
  sql::Statement(
      connection_,
      "INSERT INTO launch (run, position, state, slot, evaluate, time, pid, started, boot, ended, ending, job) "
      "VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM launch), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
      "ON CONFLICT (run) DO UPDATE SET "
      "position = CASE WHEN ?2 = 0 THEN excluded.position ELSE position END, state = ?2, slot = ?3, "
      "evaluate = ?4, time = ?5, pid = ?6, started = ?7, boot = ?8, ended = ?9, ending = ?10, job = ?11")
      .bind(1, launch.run)
      .bind(2, static_cast<int>(launch.state))
      .bind(3, launch.slot)
      .bind(4, launch.evaluate)
      .bind(5, launch.time)
      .bind(6, static_cast<std::int64_t>(launch.process.pid))
      .bind(7, static_cast<std::int64_t>(launch.process.started))
      .bind(8, launch.process.boot)
      .bind(9, launch.ended)
      .bind(10, launch.ending)
      .bind(11, launch.job)
      .run();
}

void Launches::remove(const std::string& run) {
  sql::Statement(connection_, "DELETE FROM launch WHERE run = ?").bind(1, run).run();
}

}  // namespace ecumene::engine::daemon
