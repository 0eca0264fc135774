// SPDX-License-Identifier: Apache-2.0
#include "engine/run/journal.h"

#include <array>

#include "data/base/error.h"

namespace ecumene::engine::run {
namespace {

namespace sql = data::sql;

// AUTOINCREMENT: a number is never used again, so that who asks for "all after n" misses nothing after a rewind.
// UNIQUE: a resumed trainer evaluates its checkpoint's step again, where the metrics of the first time may be kept.
constexpr const char* kSchema = R"sql(
CREATE TABLE metric_name (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE metric (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  step INTEGER NOT NULL,
  time REAL NOT NULL,
  name INTEGER NOT NULL REFERENCES metric_name(id),
  value REAL,
  UNIQUE (step, name)
) STRICT;
CREATE TABLE event (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  step INTEGER NOT NULL,
  time REAL NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE TABLE command (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  word TEXT NOT NULL,
  argument TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('requested', 'accepted', 'done', 'refused')),
  answer TEXT NOT NULL DEFAULT '',
  requested REAL NOT NULL,
  answered REAL
) STRICT;
CREATE TABLE status (only INTEGER PRIMARY KEY CHECK (only = 1), state TEXT NOT NULL, reason TEXT NOT NULL, time REAL NOT NULL) STRICT;
)sql";

constexpr std::array<std::string_view, 6> kStates{"new", "running", "paused", "stopped", "finished", "failed"};

sql::Wording wording() {
  return {.database = "the journal of the run",
          .repair = "restore run.sqlite from a copy; run.toml and the checkpoints are files of their own"};
}

State stateOf(const std::string& name) {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == name) return static_cast<State>(i);
  }
  throw Error("the journal has an unknown state").found(name);
}

}  // namespace

std::string_view nameOf(State state) {
  return kStates[static_cast<std::size_t>(state)];
}

Journal::Journal(const std::filesystem::path& file, sql::Access access) : connection_(file, access, wording()) {
  if (access == sql::Access::kCreate && connection_.integer("SELECT count(*) FROM sqlite_master") == 0) createTables();
  requireVersion(file.string());
  if (access == sql::Access::kRead || access == sql::Access::kReadImmutable) return;
  if (connection_.text("PRAGMA journal_mode = WAL") != "wal") {
    throw Error("the file system cannot hold a journal with a write-ahead log", ErrorKind::kEnvironment)
        .on(file.string())
        .next("keep the run on a local disk");
  }
  connection_.execute("PRAGMA synchronous = FULL");
}

void Journal::createTables() {
  sql::Transaction transaction(connection_);
  connection_.execute(kSchema);
  connection_.execute("INSERT INTO status VALUES (1, 'new', '', 0.0)");
  connection_.execute("PRAGMA user_version = " + std::to_string(kRunVersion));
  connection_.execute("PRAGMA application_id = " + std::to_string(kApplicationId));
  transaction.commit();
}

void Journal::requireVersion(const std::string& file) {
  const std::int64_t application = connection_.integer("PRAGMA application_id");
  if (application != kApplicationId) {
    throw Error("the file is not the journal of a run")
        .on(file)
        .found(application == 0 ? "an empty database" : "a database of another program");
  }
  const std::int64_t version = connection_.integer("PRAGMA user_version");
  if (version == kRunVersion) return;
  throw Error(version > kRunVersion ? "the run was made by a newer version of Ecumene"
                                    : "the run was made by an older version of Ecumene")
      .on(file)
      .expected("run version " + std::to_string(kRunVersion))
      .found(std::to_string(version))
      .next("use the version that made it");
}

std::int64_t Journal::nameId(const std::string& name) {
  if (const auto known = names_.find(name); known != names_.end()) return known->second;
  sql::Statement(connection_, "INSERT INTO metric_name (name) VALUES (?) ON CONFLICT DO NOTHING").bind(1, name).run();
  sql::Statement query(connection_, "SELECT id FROM metric_name WHERE name = ?");
  query.bind(1, name);
  if (!query.step()) throw internalError("a metric's name was not kept");
  return names_.emplace(name, query.integer(0)).first->second;
}

void Journal::add(std::span<const Entry> entries) {
  sql::Transaction transaction(connection_);
  try {
    sql::Statement metric(connection_,
                          "INSERT INTO metric (step, time, name, value) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
    sql::Statement event(connection_, "INSERT INTO event (step, time, kind, text) VALUES (?, ?, ?, ?)");
    for (const Entry& entry : entries) {
      for (const auto& [name, value] : entry.metrics) {
        metric.bind(1, entry.step).bind(2, entry.time).bind(3, nameId(name)).bind(4, value).run();
      }
      if (!entry.kind.empty()) {
        event.bind(1, entry.step).bind(2, entry.time).bind(3, entry.kind).bind(4, entry.text).run();
      }
    }
    transaction.commit();
  } catch (...) {
    names_.clear();  // Those of this transaction are gone with it.
    throw;
  }
}

void Journal::setState(const Status& status) {
  sql::Statement(connection_, "UPDATE status SET state = ?, reason = ?, time = ?")
      .bind(1, nameOf(status.state))
      .bind(2, status.reason)
      .bind(3, status.time)
      .run();
}

void Journal::forgetAfter(std::int64_t step, double time) {
  sql::Transaction transaction(connection_);
  sql::Statement(connection_, "DELETE FROM metric WHERE step > ?").bind(1, step).run();
  const std::int64_t forgotten = connection_.changes();
  sql::Statement(connection_, "INSERT INTO event (step, time, kind, text) VALUES (?, ?, 'rewound', ?)")
      .bind(1, step)
      .bind(2, time)
      .bind(3, std::to_string(forgotten) + " metrics of later steps are forgotten and will be made again")
      .run();
  transaction.commit();
}

std::int64_t Journal::request(std::string_view word, std::string_view argument, double time) {
  sql::Statement(connection_, "INSERT INTO command (word, argument, state, requested) VALUES (?, ?, 'requested', ?)")
      .bind(1, word)
      .bind(2, argument)
      .bind(3, time)
      .run();
  return connection_.lastRow();
}

void Journal::answer(std::int64_t command, std::string_view state, std::string_view text, double time) {
  sql::Statement(connection_,
                 "UPDATE command SET state = ?, answer = ?, answered = ? "
                 "WHERE id = ? AND state IN ('requested', 'accepted')")
      .bind(1, state)
      .bind(2, text)
      .bind(3, time)
      .bind(4, command)
      .run();
  if (connection_.changes() == 1) return;
  throw Error("the command is not there, or has been answered").on("command " + std::to_string(command));
}

Status Journal::status() {
  sql::Statement query(connection_, "SELECT state, reason, time FROM status");
  if (!query.step()) throw Error("the journal does not say the run's state");
  return {stateOf(query.text(0)), query.text(1), query.real(2)};
}

std::vector<MetricRow> Journal::metricsAfter(std::int64_t sequence, std::size_t limit) {
  sql::Statement query(connection_,
                       "SELECT metric.sequence, metric.step, metric.time, metric_name.name, metric.value FROM metric "
                       "JOIN metric_name ON metric_name.id = metric.name "
                       "WHERE metric.sequence > ? ORDER BY metric.sequence LIMIT ?");
  query.bind(1, sequence).bind(2, limit);
  std::vector<MetricRow> rows;
  while (query.step()) {
    rows.push_back({query.integer(0), query.integer(1), query.real(2), query.text(3), query.real(4)});
  }
  return rows;
}

std::vector<Event> Journal::eventsAfter(std::int64_t sequence, std::size_t limit) {
  sql::Statement query(
      connection_, "SELECT sequence, step, time, kind, text FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?");
  query.bind(1, sequence).bind(2, limit);
  std::vector<Event> events;
  while (query.step()) {
    events.push_back({query.integer(0), query.integer(1), query.real(2), query.text(3), query.text(4)});
  }
  return events;
}

News Journal::newsAfter(std::int64_t metric, std::int64_t event, std::size_t limit) {
  const sql::Snapshot snapshot(connection_);
  News news{eventsAfter(event, limit), {}, names()};
  // A "rewound" that is not among the events yet would take back points that are.
  if (news.events.size() == limit) return news;
  sql::Statement points(connection_,
                        "SELECT sequence, step, time, name, value FROM metric "
                        "WHERE sequence > ? ORDER BY sequence LIMIT ?");
  points.bind(1, metric).bind(2, limit);
  while (points.step()) {
    news.points.push_back({points.integer(0), points.integer(1), points.real(2), points.integer(3), points.real(4)});
  }
  return news;
}

std::map<std::int64_t, std::string> Journal::names() {
  std::map<std::int64_t, std::string> names;
  sql::Statement query(connection_, "SELECT id, name FROM metric_name");
  while (query.step()) names.emplace(query.integer(0), query.text(1));
  return names;
}

std::int64_t Journal::lastMetric() {
  return connection_.integer("SELECT coalesce(max(sequence), 0) FROM metric");
}

std::vector<Command> Journal::commands(std::string_view state) {
  sql::Statement query(connection_,
                       "SELECT id, word, argument, state, answer FROM command WHERE ?1 = '' OR state = ?1 ORDER BY id");
  query.bind(1, state);
  std::vector<Command> commands;
  while (query.step()) {
    commands.push_back({query.integer(0), query.text(1), query.text(2), query.text(3), query.text(4)});
  }
  return commands;
}

}  // namespace ecumene::engine::run
