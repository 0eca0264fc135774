// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/ecumenectl/message_json.h"
#include "app/ecumenectl/terminal.h"

namespace ecumene::ecumenectl {
namespace {

double gib(std::uint64_t bytes) {
  return static_cast<double>(bytes) / (1 << 30);
}

/// "42 %"; "-" where it is not known.
std::string percent(double share) {
  return std::isnan(share) ? "-" : fmt::format("{:.0f} %", 100.0 * share);
}

std::string lineOf(const wire::Alert& alert) {
  return fmt::format("{} {}: {} (since {}{})", alert.rule(), alert.object(), plain(alert.text()), age(alert.since()),
                     alert.until() > 0.0 ? ", over" : "");
}

}  // namespace

int showSystem(const Common& common) {
  auto client = connect(common);
  const auto readings = client.call(&wire::System::Stub::Readings, wire::ReadingsRequest());
  auto alerts = client.call(&wire::System::Stub::Alerts, wire::AlertsRequest());
  alerts.mutable_alerts()->erase(std::remove_if(alerts.mutable_alerts()->begin(), alerts.mutable_alerts()->end(),
                                                [](const wire::Alert& alert) { return alert.until() > 0.0; }),
                                 alerts.mutable_alerts()->end());
  if (common.json) {
    auto json = toJson(readings);
    json["alerts"] = toJson(alerts).at("alerts");
    fmt::print("{}\n", json.dump(2));
    return 0;
  }
  fmt::print("CPU     {} of {} cores\nmemory  {:.1f} of {:.1f} GiB available\ndisk    {:.1f} of {:.1f} GiB free\n",
             percent(readings.cpu_busy()), readings.cores(), gib(readings.memory_available()),
             gib(readings.memory_total()), gib(readings.disk_free()), gib(readings.disk_total()));
  for (const wire::Gpu& gpu : readings.gpus()) {
    fmt::print("GPU {}   {}: {} busy, {:.1f} of {:.1f} GiB, {:.0f} degC, {:.0f} W\n", gpu.index(), plain(gpu.name()),
               percent(gpu.busy()), gib(gpu.memory_used()), gib(gpu.memory_total()), gpu.temperature_c(),
               gpu.power_w());
  }
  if (!readings.gpu_absence().empty()) fmt::print("{}\n", plain(readings.gpu_absence()));
  for (const wire::Alert& alert : alerts.alerts()) fmt::print("! {}\n", lineOf(alert));
  return 0;
}

int listAlerts(const Common& common, bool rules) {
  auto client = connect(common);
  if (rules) {
    const auto reply = client.call(&wire::System::Stub::Rules, wire::RulesRequest());
    if (common.json) {
      print(reply);
      return 0;
    }
    for (const wire::Rule& rule : reply.rules()) fmt::print("{:<12} {}\n", rule.name(), rule.sentence());
    return 0;
  }
  const auto reply = client.call(&wire::System::Stub::Alerts, wire::AlertsRequest());
  if (common.json) {
    print(reply);
    return 0;
  }
  for (const wire::Alert& alert : reply.alerts()) fmt::print("{}\n", lineOf(alert));
  return 0;
}

}  // namespace ecumene::ecumenectl
