// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "data/sql/sql.h"
#include "engine/daemon/processes.h"
#include "engine/daemon/reading_log.h"
#include "engine/daemon/readings.h"
#include "engine/daemon/registry.h"
#include "engine/daemon/supervisor.h"

namespace ecumene::engine::daemon {

struct WatchedRun;

/// A rule that came to hold.
struct Alert {
  std::int64_t id = 0;
  std::string rule, object;  ///< object: a run, "disk", "gpu:0"
  std::string text;
  double since = 0.0, until = 0.0;  ///< seconds since 1970; until 0: it still holds
};

/// Looks at machine and runs every few seconds, with or without a client, and keeps what the rules find. Any thread.
class Monitor {
 public:
  struct Setup {
    std::filesystem::path list;  ///< file of the alerts; readings.sqlite is made beside it
    std::string onAlert;         ///< the user's command for the shell; empty: none
    std::filesystem::path log;   ///< of that command
    /// Seconds for which a rule must not hold before its alert is over: what wavers about a limit is said once. Where
    /// the run has ended it is over at once.
    double calm = 60.0;
    std::string nvml = Nvml::kLibrary;
  };
  Monitor(Registry& registry, Supervisor& supervisor, Setup setup);
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  Readings readings();
  /// ReadingLog::after(), of the times at which something trained.
  std::vector<Readings> readingsAfter(double time, std::size_t most) { return log_.after(time, most); }
  /// Those with a number after `id`, in order, at most `limit`, and all that still hold.
  std::vector<Alert> alertsAfter(std::int64_t id, std::size_t limit);

 private:
  using Key = std::pair<std::string, std::string>;  ///< rule, object
  void work(const std::stop_token& stop);
  void look();
  /// Puts what the journal of a run that trains says into `watched`.
  void follow(const run::RunDirectory& run, WatchedRun& watched);
  void lookAtRun(const std::string& id, const Readings& readings, double now, std::map<Key, std::string>& found);
  void keep(const std::map<Key, std::string>& found, double now);
  void tell();
  std::vector<Alert> select(std::string_view where, std::int64_t id, std::size_t limit);

  Registry& registry_;
  Supervisor& supervisor_;
  const Setup setup_;
  Meter meter_;  ///< of the thread
  ReadingLog log_;
  struct Telling {
    ProcessId process;
    std::chrono::steady_clock::time_point begin;
  };
  std::vector<Telling> telling_;
  std::deque<Alert> untold_;  ///< their commands wait for earlier ones to end
  /// How far a run's journal has been looked at.
  struct Followed {
    std::int64_t metric = 0, event = 0;
    std::int64_t badStep = 0;  ///< the newest step that the trainer left out
    std::string why;
  };
  std::map<std::string, Followed> followed_;
  std::set<std::string> live_;  ///< runs that somebody had at the last look
  std::mutex mutex_;            ///< of all below
  data::sql::Connection connection_;
  Readings readings_;
  struct Holding {
    std::int64_t alert = 0;
    double last = 0.0;  ///< time of the newest look at which the rule held; 0: none of this daemon's
  };
  std::map<Key, Holding> holding_;
  double lastLook_ = 0.0;
  std::condition_variable_any changed_;
  std::jthread thread_;  ///< last: it uses the others
};

}  // namespace ecumene::engine::daemon
