// SPDX-License-Identifier: Apache-2.0
#include "app/ecumenectl/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "app/ecumenectl/message_json.h"
#include "engine/protocol/socket.h"

namespace ecumene::ecumenectl {

engine::protocol::Client connect(const Common& common) {
  return {common.socket.empty() ? engine::protocol::defaultSocket() : std::filesystem::path(common.socket),
          "ecumenectl " ECUMENE_VERSION};
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
