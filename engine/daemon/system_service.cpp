// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/system_service.h"

#include <string>

#include "data/base/error.h"
#include "engine/daemon/alert_rules.h"
#include "engine/protocol/errors.h"

namespace ecumene::engine::daemon {
namespace {

using protocol::answer;
using protocol::utf8;

constexpr std::size_t kMostAlerts = 1000;
constexpr int kMostReadings = 2000;  ///< of about 500 bytes where there are eight GPUs

void fill(wire::ReadingsReply& reply, const Readings& readings) {
  reply.set_time(readings.time);
  reply.set_cpu_busy(readings.cpuBusy);
  reply.set_cores(readings.cores);
  reply.set_memory_total(readings.memoryTotal);
  reply.set_memory_available(readings.memoryAvailable);
  reply.set_disk_total(readings.diskTotal);
  reply.set_disk_free(readings.diskFree);
  reply.set_gpu_absence(readings.gpuAbsence);
  for (const GpuReading& gpu : readings.gpus) {
    wire::Gpu& out = *reply.add_gpus();
    out.set_index(gpu.index);
    out.set_name(utf8(gpu.name));
    out.set_memory_used(gpu.memoryUsed);
    out.set_memory_total(gpu.memoryTotal);
    out.set_busy(gpu.busy);
    out.set_temperature_c(gpu.temperatureC);
    out.set_power_w(gpu.powerW);
  }
}

}  // namespace

grpc::Status SystemService::Readings(grpc::ServerContext*, const wire::ReadingsRequest*, wire::ReadingsReply* reply) {
  return answer([&] { fill(*reply, monitor_.readings()); });
}

grpc::Status SystemService::PastReadings(grpc::ServerContext*, const wire::PastReadingsRequest* request,
                                         wire::PastReadingsReply* reply) {
  return answer([&] {
    if (request->most() < 1 || request->most() > kMostReadings) {
      throw Error("this is no number of readings", ErrorKind::kUsage)
          .expected("1 to " + std::to_string(kMostReadings))
          .found(std::to_string(request->most()));
    }
    for (const auto& readings : monitor_.readingsAfter(request->after(), static_cast<std::size_t>(request->most()))) {
      fill(*reply->add_readings(), readings);
    }
  });
}

grpc::Status SystemService::Alerts(grpc::ServerContext*, const wire::AlertsRequest* request, wire::AlertsReply* reply) {
  return answer([&] {
    for (const Alert& alert : monitor_.alertsAfter(request->after(), kMostAlerts)) {
      wire::Alert& out = *reply->add_alerts();
      out.set_id(alert.id);
      out.set_rule(alert.rule);
      out.set_object(utf8(alert.object));
      out.set_text(utf8(alert.text));
      out.set_since(alert.since);
      out.set_until(alert.until);
    }
  });
}

grpc::Status SystemService::Rules(grpc::ServerContext*, const wire::RulesRequest*, wire::RulesReply* reply) {
  return answer([&] {
    const auto add = [&](std::string_view name, std::string_view sentence) {
      wire::Rule& out = *reply->add_rules();
      out.set_name(std::string(name));
      out.set_sentence(std::string(sentence));
    };
    for (const RunRule& rule : runRules()) add(rule.name, rule.sentence);
    for (const MachineRule& rule : machineRules()) add(rule.name, rule.sentence);
  });
}

}  // namespace ecumene::engine::daemon
