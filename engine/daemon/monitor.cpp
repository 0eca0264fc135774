// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/monitor.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <limits>
#include <utility>

#include "data/base/error.h"
#include "engine/daemon/alert_rules.h"
#include "engine/daemon/go_on.h"
#include "engine/daemon/processes.h"
#include "engine/daemon/run_summary.h"

namespace ecumene::engine::daemon {
namespace {

namespace sql = data::sql;

constexpr int kAlertVersion = 1;
constexpr std::chrono::seconds kMonitorPause{2};
constexpr std::size_t kMostTelling = 20;         ///< commands of the user at one time
constexpr std::chrono::minutes kTellingTime{5};  ///< after which a command is ended
constexpr std::size_t kMostUntold = 1000;

constexpr const char* kAlertSchema = R"sql(
CREATE TABLE alert (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  rule TEXT NOT NULL,
  object TEXT NOT NULL,
  text TEXT NOT NULL,
  since REAL NOT NULL,
  until REAL NOT NULL
) STRICT;
CREATE INDEX alert_holding ON alert (until) WHERE until = 0.0;
CREATE TABLE look (only INTEGER PRIMARY KEY CHECK (only = 1), time REAL NOT NULL) STRICT;
)sql";

double secondsOf(std::filesystem::file_time_type time) {
  const auto system = std::chrono::file_clock::to_sys(time);
  return std::chrono::duration<double>(system.time_since_epoch()).count();
}

bool isOfMachine(std::string_view rule) {
  return std::ranges::any_of(machineRules(), [&](const MachineRule& row) { return row.name == rule; });
}

}  // namespace

Monitor::Monitor(Registry& registry, Supervisor& supervisor, Setup setup)
    : registry_(registry),
      supervisor_(supervisor),
      setup_(std::move(setup)),
      meter_(registry.folder(), setup_.nvml),
      log_(setup_.list.parent_path() / "readings.sqlite"),
      connection_(setup_.list, sql::Access::kCreate,
                  {.database = "the daemon's list of alerts", .repair = "remove it: nothing else is in it"}) {
  const auto make = [&] {
    connection_.execute(kAlertSchema);
    // What had ended before the first look is no news.
    sql::Statement(connection_, "INSERT INTO look VALUES (1, ?)").bind(1, meter_.read().time).run();
  };
  if (!sql::isOfVersion(connection_, kAlertVersion, make)) {
    throw Error("the daemon's list of alerts is another version's")
        .on(setup_.list.string())
        .next("remove it: nothing else is in it");
  }
  {
    // Ended before the thread begins: the connection is not for two at once.
    sql::Statement last(connection_, "SELECT time FROM look");
    if (last.step()) lastLook_ = last.real(0);
  }
  for (const Alert& alert : select("until = 0.0", 0, std::numeric_limits<std::int32_t>::max())) {
    holding_[{alert.rule, alert.object}] = {alert.id, 0.0};
  }
  readings_ = meter_.read();
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Readings Monitor::readings() {
  const std::lock_guard lock(mutex_);
  return readings_;
}

std::vector<Alert> Monitor::select(std::string_view where, std::int64_t id, std::size_t limit) {
  sql::Statement query(connection_, "SELECT id, rule, object, text, since, until FROM alert WHERE id > ?1 AND " +
                                        std::string(where) + " ORDER BY id LIMIT ?2");
  query.bind(1, id).bind(2, limit);
  std::vector<Alert> alerts;
  while (query.step()) {
    alerts.push_back({query.integer(0), query.text(1), query.text(2), query.text(3), query.real(4), query.real(5)});
  }
  return alerts;
}

std::vector<Alert> Monitor::alertsAfter(std::int64_t id, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  std::vector<Alert> alerts = select("1", id, limit);
  for (const Alert& alert : select("until = 0.0", 0, limit)) {
    const bool there =
        std::any_of(alerts.begin(), alerts.end(), [&](const Alert& other) { return other.id == alert.id; });
    if (!there) alerts.push_back(alert);
  }
  std::sort(alerts.begin(), alerts.end(), [](const Alert& a, const Alert& b) { return a.id < b.id; });
  return alerts;
}

void Monitor::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    goOn([this] { look(); });
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, kMonitorPause, [] { return false; });
  }
}

void Monitor::look() {
  const Readings readings = meter_.read();
  {
    const std::lock_guard lock(mutex_);
    readings_ = readings;
  }
  std::map<Key, std::string> found;
  for (const MachineRule& rule : machineRules()) {
    for (auto& [object, text] : rule.holds(readings)) found[{std::string(rule.name), object}] = text;
  }
  for (const std::string& id : registry_.ids()) lookAtRun(id, readings, readings.time, found);
  keep(found, readings.time);
  tell();
  if (!live_.empty()) log_.add(readings);
}

void Monitor::follow(const run::RunDirectory& run, WatchedRun& watched) {
  const LastMetrics last = lastMetrics(run);
  watched.metrics = last.values;
  const auto [entry, isNew] = followed_.try_emplace(watched.id);
  Followed& followed = entry->second;
  if (isNew) followed.metric = last.sequence;
  if (const auto norm = last.values.find("gradient.norm"); norm != last.values.end())
    watched.gradientNorm = norm->second;
  for (const run::MetricRow& row : run.metricsAfter(followed.metric)) {
    followed.metric = row.sequence;
    if (row.name == "gradient.norm") watched.gradientNorm = std::max(watched.gradientNorm, row.value);
  }
  bool isNews = false;
  for (const run::Event& event : run.eventsAfter(followed.event)) {
    followed.event = event.sequence;
    if (event.kind != "skipped") continue;
    followed.badStep = event.step;
    followed.why = event.text;
    isNews = event.time > lastLook_;
  }
  if (isNews || followed.badStep > last.step) {
    watched.badStep = "step " + std::to_string(followed.badStep) + " was left out: " + followed.why;
  }
}

void Monitor::lookAtRun(const std::string& id, const Readings& readings, double now,
                        std::map<Key, std::string>& found) {
  try {
    const OpenedRun run = registry_.open(id);
    const Condition condition = supervisor_.condition(id, *run);
    WatchedRun watched{id, condition.state, condition.reason, condition.slot, {}, 0.0, {}, now, condition.time,
                       {}, &readings};
    if (condition.state == "running") {
      follow(*run, watched);
      std::error_code problem;
      const auto written = std::filesystem::last_write_time(run->checkpoints(), problem);
      if (!problem) watched.checkpointTime = secondsOf(written);
    } else {
      followed_.erase(id);
    }
    for (const RunRule& rule : runRules()) {
      const Key key{std::string(rule.name), id};
      const std::string text = rule.holds(watched);
      // Of an end only the news counts: what ended before the last look was said then.
      const bool old = rule.onlyNews && condition.time <= lastLook_ && !live_.contains(id) && !holding_.contains(key);
      if (!text.empty() && !old) found[key] = text;
    }
    if (condition.owner != 0) {
      live_.insert(id);
    } else {
      live_.erase(id);
    }
  } catch (const Error&) {
    // A run that cannot be read is shown as damaged; the others are looked at.
  }
}

void Monitor::keep(const std::map<Key, std::string>& found, double now) {
  std::vector<Alert> raised;
  {
    const std::lock_guard lock(mutex_);
    sql::Transaction transaction(connection_);
    auto holding = holding_;
    for (auto entry = holding.begin(); entry != holding.end();) {
      auto& [key, held] = *entry;
      const bool holds = found.contains(key);
      if (holds) held.last = now;
      const bool mayReturn = isOfMachine(key.first) || live_.contains(key.second);
      if (holds || (mayReturn && now - held.last < setup_.calm)) {
        ++entry;
        continue;
      }
      sql::Statement(connection_, "UPDATE alert SET until = ? WHERE id = ?").bind(1, now).bind(2, held.alert).run();
      entry = holding.erase(entry);
    }
    for (const auto& [key, text] : found) {
      if (holding.contains(key)) continue;
      sql::Statement(connection_, "INSERT INTO alert (rule, object, text, since, until) VALUES (?, ?, ?, ?, 0.0)")
          .bind(1, key.first)
          .bind(2, key.second)
          .bind(3, text)
          .bind(4, now)
          .run();
      holding[key] = {connection_.lastRow(), now};
      raised.push_back({connection_.lastRow(), key.first, key.second, text, now, 0.0});
    }
    sql::Statement(connection_, "UPDATE look SET time = ?").bind(1, now).run();
    transaction.commit();
    holding_ = std::move(holding);
    lastLook_ = now;
  }
  if (!setup_.onAlert.empty()) untold_.insert(untold_.end(), raised.begin(), raised.end());
}

void Monitor::tell() {
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(telling_, [&](const Telling& telling) {
    if (endOf(telling.process)) return true;
    // It is the first of a session of its own.
    if (now - telling.begin > kTellingTime) ::kill(-telling.process.pid, SIGKILL);
    return false;
  });
  const std::size_t most = kMostUntold + kMostTelling - telling_.size();
  const std::size_t left = untold_.size() - std::min(untold_.size(), most);
  untold_.erase(untold_.begin(), untold_.begin() + static_cast<std::ptrdiff_t>(left));
  while (!untold_.empty() && telling_.size() < kMostTelling) {
    const Alert& alert = untold_.front();
    const Program program{{"/bin/sh", "-c", setup_.onAlert},
                          {{"ECUMENE_ALERT_RULE", alert.rule},
                           {"ECUMENE_ALERT_OBJECT", alert.object},
                           {"ECUMENE_ALERT_TEXT", alert.text}}};
    telling_.push_back({startDetached(program, setup_.log, setup_.log), now});
    // Not before: where it could not be started, it is tried again.
    untold_.pop_front();
  }
  if (left == 0) return;
  throw Error(std::to_string(left) + " alerts came up faster than their command ended; it was not run for them")
      .on(setup_.onAlert);
}

}  // namespace ecumene::engine::daemon
