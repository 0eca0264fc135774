// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/readings.h"

#include <cmath>
#include <fstream>
#include <limits>
#include <thread>

#include "data/base/kernel_file.h"
#include "engine/run/records.h"

namespace ecumene::engine::daemon {
namespace {

/// Clock ticks of all cores since boot, by the first line of /proc/stat: those that worked, and all.
std::pair<std::uint64_t, std::uint64_t> ticks() {
  std::ifstream file("/proc/stat");
  std::string word;
  file >> word;
  std::uint64_t all = 0, idle = 0, value = 0;
  // user nice system idle iowait irq softirq steal; guest times are in user and nice already.
  for (int i = 0; i < 8 && file >> value; ++i) {
    all += value;
    if (i == 3 || i == 4) idle += value;
  }
  return {all - idle, all};
}

std::uint64_t memoryOf(const char* key) {
  return static_cast<std::uint64_t>(kernelBytes("/proc/meminfo", key).value_or(0));
}

}  // namespace

void RecentBusy::fill(Readings& readings) {
  for (GpuReading& gpu : readings.gpus) {
    if (std::isnan(gpu.busy)) continue;
    auto& last = last_[gpu.index];
    last.emplace_back(readings.time, gpu.busy);
    const double begin = readings.time - kSpan;
    while (last.size() > 1 && last[1].first <= begin) last.pop_front();
    if (last.front().first > begin) continue;
    double sum = 0.0;
    for (const auto& [time, busy] : last) sum += busy;
    gpu.recentBusy = sum / static_cast<double>(last.size());
  }
}

Readings Meter::read() {
  Readings readings;
  readings.time = run::secondsNow();
  readings.cores = std::thread::hardware_concurrency();
  const auto [busy, all] = ticks();
  const bool first = allBefore_ == 0 || all == allBefore_;
  readings.cpuBusy = first ? std::numeric_limits<double>::quiet_NaN()
                           : static_cast<double>(busy - busyBefore_) / static_cast<double>(all - allBefore_);
  busyBefore_ = busy;
  allBefore_ = all;
  readings.memoryTotal = memoryOf("MemTotal");
  readings.memoryAvailable = memoryOf("MemAvailable");
  std::error_code problem;
  const auto space = std::filesystem::space(disk_, problem);
  if (!problem) {
    readings.diskTotal = space.capacity;
    readings.diskFree = space.available;
  }
  readings.gpus = nvml_.read();
  recent_.fill(readings);
  readings.gpuAbsence = nvml_.absence();
  return readings;
}

}  // namespace ecumene::engine::daemon
