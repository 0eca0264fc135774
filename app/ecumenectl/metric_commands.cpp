// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <thread>

#include "app/ecumenectl/message_json.h"
#include "app/ecumenectl/metric_log.h"
#include "app/ecumenectl/tensorboard.h"
#include "app/ecumenectl/terminal.h"
#include "app/ecumenectl/wandb.h"
#include "app/edge.h"
#include "data/base/files.h"
#include "data/base/say.h"

namespace ecumene::ecumenectl {
namespace {

using engine::protocol::Client;

constexpr std::chrono::milliseconds kLook{1000};
constexpr std::chrono::milliseconds kAtOnce{50};
constexpr std::chrono::seconds kWayBack{60};  ///< that a watch waits for a daemon it had
constexpr std::int64_t kLastRows = 400;       ///< that a watch begins with: the last step's, and an evaluation's

/// Until the next look; false once it is interrupted.
bool pause() {
  for (std::chrono::milliseconds waited{0}; waited < kLook && !interrupted(); waited += kAtOnce)
    std::this_thread::sleep_for(kAtOnce);
  return !interrupted();
}

/// A daemon that is asked again and again: where the way to it is cut, it is waited for.
class Watched {
 public:
  explicit Watched(const Common& common) : common_(common), client_(connect(common)) {}

  /// What `ask(Client&)` gives, asked anew where nobody answered it. Throws Error where that lasts, or is interrupted.
  template <class Ask>
  auto operator()(Ask ask) {
    std::optional<std::chrono::steady_clock::time_point> end;
    while (true) {
      try {
        if (!client_) client_.emplace(connect(common_));
        auto answer = ask(*client_);
        if (end) say("ecumenectl: the daemon answers again\n");
        return answer;
      } catch (const Error& error) {
        const auto now = std::chrono::steady_clock::now();
        if (!engine::protocol::isUnreachable(error) || interrupted() || (end && now >= *end)) throw;
        if (!end) {
          end = now + kWayBack;
          say(fmt::format("ecumenectl: {} at {}; waiting {} s\n", error.failure(), plain(error.object()),
                          kWayBack.count()));
        }
      }
      client_.reset();
      (void)pause();
    }
  }

 private:
  const Common& common_;
  std::optional<Client> client_;
};

/// Takes what is there; `each` sees every message.
template <class Each>
void update(Client& client, const std::string& run, MetricLog& log, std::int64_t from, Each each) {
  wire::FollowRequest request;
  request.set_run(run);
  request.set_after_metric(std::max(from, log.lastMetric()));
  request.set_after_event(log.lastEvent());
  client.stream(&wire::Metrics::Stub::Follow, request, [&](const wire::News& news) {
    log.take(news);
    each(news);
    return !news.complete();
  });
}

/// Draws over what was drawn before, line by line.
void draw(const std::string& text) {
  std::string lines;
  for (const char c : text) lines += c == '\n' ? std::string("\033[K\n") : std::string(1, c);
  fmt::print("\033[H{}\033[J", lines);
  (void)std::fflush(stdout);
}

struct Seen {
  std::int64_t step = 0;
  double last = 0.0, low = std::numeric_limits<double>::infinity(), high = -low;
};

std::string metricsTable(const wire::Run& run, const std::map<std::string, Seen>& metrics) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, seen] : metrics) {
    rows.push_back({name, fmt::format("{:.5g}", seen.last), std::to_string(seen.step), fmt::format("{:.5g}", seen.low),
                    fmt::format("{:.5g}", seen.high)});
  }
  return fmt::format("{}: {}{}  epoch {:.2f}/{}  step {}  {:.1f} samples/s  last metric {} ago\n\n{}", run.id(),
                     run.state(), run.reason().empty() ? "" : " (" + plain(run.reason()) + ")", run.epoch(),
                     run.epochs(), run.step(), run.samples_per_second(), age(run.metric_time()),
                     table({"metric", "last", "step", "low", "high"}, rows, "last,step,low,high"));
}

/// Metrics of each step on a line of its own.
void printLines(const MetricLog& log) {
  std::map<std::int64_t, std::string> lines;
  for (const MetricLog::Point& point : log.points()) {
    if (point.name == "loss.total" || point.name == "learning_rate" || point.name == "validation.total") {
      lines[point.step] += fmt::format("  {} {:.5g}", point.name, point.value);
    }
  }
  for (const auto& [step, line] : lines) fmt::print("step {}{}\n", step, line);
  (void)std::fflush(stdout);
}

int watchRun(const Common& common, const std::string& id, bool once) {
  Watched daemon(common);
  const bool drawn = !common.json && !once && ::isatty(STDOUT_FILENO) == 1;
  MetricLog log;
  std::map<std::string, Seen> metrics;
  wire::Run run = daemon([&](Client& client) { return runNow(client, id); });
  const std::int64_t from = std::max<std::int64_t>(0, run.last_sequence() - kLastRows);
  if (drawn) fmt::print("\033[2J");
  while (true) {
    // Asked anew it goes on behind the last row that came.
    daemon([&](Client& client) {
      update(client, id, log, from, [&](const wire::News& news) {
        if (common.json) fmt::print("{}\n", toJson(news).dump());
      });
      return true;
    });
    for (const MetricLog::Point& point : log.points()) {
      Seen& seen = metrics[point.name];
      seen.step = point.step;
      seen.last = point.value;
      seen.low = std::fmin(seen.low, point.value);
      seen.high = std::fmax(seen.high, point.value);
    }
    if (drawn) draw(metricsTable(run, metrics));
    if (!drawn && !once && !common.json) printLines(log);
    if (once && !common.json) fmt::print("{}", metricsTable(run, metrics));
    log.clear();
    if (once || interrupted() || hasEnded(run)) break;
    app::flushResults();
    if (!pause()) break;
    run = daemon([&](Client& client) { return runNow(client, id); });
  }
  if (!once && !common.json && !drawn) fmt::print("{}: {} {}\n", id, run.state(), plain(run.reason()));
  return 0;
}

void writeCsv(const MetricLog& log, const std::filesystem::path& file) {
  writeFileAtomically(file, [&](const std::filesystem::path& path) {
    errno = 0;
    std::ofstream out(path);
    out << "step,time,name,value\n";
    for (const auto& point : log.points()) {
      out << fmt::format("{},{:.6f},{},{}\n", point.step, point.time, point.name, point.value);
    }
    out.close();
    if (!out) throw systemError("cannot write the file", file.string(), errno);
  });
}

void writeTensorBoard(const MetricLog& log, const std::string& run, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const double first = log.points().empty() ? 0.0 : log.points().front().time;
  // TensorBoard reads files with "tfevents" in their names.
  const auto file = folder / fmt::format("events.out.tfevents.{:.0f}.{}", first, run);
  writeFileAtomically(file, [&](const std::filesystem::path& path) {
    errno = 0;
    std::ofstream out(path, std::ios::binary);
    out << fileVersionRecord(first);
    for (const auto& point : log.points()) out << scalarRecord(point.time, point.step, point.name, point.value);
    out.close();
    if (!out) throw systemError("cannot write the file", file.string(), errno);
  });
}

}  // namespace

int watch(const Common& common, const std::string& run, bool once) {
  stopOnInterrupt();
  if (!run.empty()) return watchRun(common, run, once);
  Watched daemon(common);
  const bool drawn = !common.json && !once && ::isatty(STDOUT_FILENO) == 1;
  if (drawn) fmt::print("\033[2J");
  while (true) {
    const auto reply =
        daemon([](Client& client) { return client.call(&wire::Runs::Stub::List, wire::ListRunsRequest()); });
    if (common.json) {
      fmt::print("{}\n", toJson(reply).dump());
    } else if (drawn) {
      draw(runsTable(reply.runs()));
    } else {
      fmt::print("{}", runsTable(reply.runs()));
    }
    app::flushResults();
    if (once || !pause()) return 0;
  }
}

int exportMetrics(const Common& common, const std::string& run, const std::string& format, const std::string& out) {
  auto client = connect(common);
  MetricLog log;
  update(client, run, log, 0, [](const wire::News&) {});
  std::string place = out;
  if (format == "csv") {
    writeCsv(log, out);
  } else if (format == "wandb") {
    place = sendToWandb(log, run, out);
  } else {
    writeTensorBoard(log, run, out);
  }
  if (common.json) {
    const nlohmann::ordered_json json = {
        {"run", run}, {"format", format}, {"out", place}, {"points", log.points().size()}};
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } else {
    fmt::print("{} points of {} are in {}\n", log.points().size(), run, plain(place));
  }
  return 0;
}

}  // namespace ecumene::ecumenectl
