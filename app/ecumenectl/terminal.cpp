// SPDX-License-Identifier: Apache-2.0
#include "app/ecumenectl/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <set>

#include "app/ecumenectl/message_json.h"
#include "engine/protocol/socket.h"

namespace ecumene::ecumenectl {
namespace {

volatile std::sig_atomic_t asked = 0;

}  // namespace

engine::protocol::Client connect(const Common& common) {
  return {common.socket.empty() ? engine::protocol::defaultSocket() : std::filesystem::path(common.socket),
          "ecumenectl " ECUMENE_VERSION};
}

void stopOnInterrupt() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const auto before = std::signal(signal, [](int number) {
      asked = 1;
      (void)std::signal(number, SIG_DFL);
    });
    if (before == SIG_IGN) (void)std::signal(signal, SIG_IGN);
  }
}

bool interrupted() {
  return asked != 0;
}

std::string storeOf(const engine::protocol::Client& client, const std::string& store, const std::string& option) {
  if (!store.empty()) return store;
  if (client.daemon().stores_size() == 1) return client.daemon().stores(0);
  throw Error("the daemon has several stores", ErrorKind::kUsage).next("name one with " + option);
}

wire::Run runNow(engine::protocol::Client& client, const std::string& run) {
  wire::ShowRunRequest request;
  request.set_run(run);
  return client.call(&wire::Runs::Stub::Show, request).run();
}

bool hasEnded(const wire::Run& run) {
  static const std::set<std::string> ended = {"new", "stopped", "finished", "failed", "killed", "damaged", "copied"};
  return ended.contains(run.state());
}

void print(const google::protobuf::Message& message) {
  fmt::print("{}\n", toJson(message).dump(2));
}

std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                  const std::string& right) {
  std::vector<std::size_t> widths;
  for (const std::string& cell : header) widths.push_back(cell.size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool toRight = ("," + right + ",").find("," + header[i] + ",") != std::string::npos;
      line += toRight ? fmt::format("{:>{}}  ", row[i], widths[i]) : fmt::format("{:<{}}  ", row[i], widths[i]);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  add(header);
  for (const auto& row : rows) add(row);
  return text;
}

std::string age(double since) {
  if (since <= 0.0) return "-";
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  const double seconds = std::max(0.0, now - since);
  if (seconds < 120.0) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200.0) return fmt::format("{:.0f} min", seconds / 60.0);
  if (seconds < 172800.0) return fmt::format("{:.0f} h", seconds / 3600.0);
  return fmt::format("{:.0f} d", seconds / 86400.0);
}

std::string runsTable(const google::protobuf::RepeatedPtrField<wire::Run>& runs) {
  std::vector<std::vector<std::string>> rows;
  for (const wire::Run& run : runs) {
    rows.push_back({run.id(), run.state(), run.slot(), fmt::format("{:.2f}/{}", run.epoch(), run.epochs()),
                    std::to_string(run.step()), std::isnan(run.loss()) ? "-" : fmt::format("{:.4f}", run.loss()),
                    fmt::format("{:.1f}", run.samples_per_second()), age(run.metric_time()), plain(run.reason())});
  }
  return table({"run", "state", "slot", "epoch", "step", "loss", "samples/s", "last", "reason"}, rows,
               "epoch,step,loss,samples/s,last");
}

}  // namespace ecumene::ecumenectl
