// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/alert_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/daemon/slots.h"

namespace ecumene::engine::daemon {
namespace {

constexpr double kMostGradient = 10.0;
constexpr double kMostWait = 0.1;
constexpr double kLongestWithoutCheckpoint = 12.0 * 3600.0;
constexpr double kMostGpuMemory = 0.93;
constexpr double kLeastGpuBusy = 0.9;
constexpr double kGpuWarmUp = 600.0;  ///< seconds that a run has before an idle GPU is its fault
constexpr double kLeastDiskShare = 0.05;
constexpr std::uint64_t kLeastDisk = std::uint64_t{10} << 30U;

std::optional<double> metric(const WatchedRun& run, const char* name) {
  const auto found = run.metrics.find(name);
  return found == run.metrics.end() ? std::nullopt : std::optional(found->second);
}

std::string badStep(const WatchedRun& run) {
  return run.state == "running" ? run.badStep : "";
}

std::string gradient(const WatchedRun& run) {
  if (run.state != "running" || !(run.gradientNorm > kMostGradient)) return {};
  return fmt::format("gradient norm {:.3g}, above {}", run.gradientNorm, kMostGradient);
}

std::string loader(const WatchedRun& run) {
  const auto share = metric(run, "loader.wait_share");
  if (run.state != "running" || !share || !(*share > kMostWait)) return {};
  return fmt::format("{:.0f} % of the time waits for the loader; raise data.threads", 100.0 * *share);
}

std::string checkpoint(const WatchedRun& run) {
  if (run.state != "running") return {};
  const double since = std::max(run.runningSince, run.checkpointTime.value_or(0.0));
  if (run.now - since < kLongestWithoutCheckpoint) return {};
  return fmt::format("no checkpoint for {:.0f} h", (run.now - since) / 3600.0);
}

std::string gpuIdle(const WatchedRun& run) {
  if (run.state != "running" || run.readings == nullptr || !run.slot.starts_with("gpu:")) return {};
  if (run.now - run.runningSince < kGpuWarmUp) return {};
  for (const int gpu : Slot::parse(run.slot).gpus) {
    for (const GpuReading& reading : run.readings->gpus) {
      if (reading.index == gpu && reading.recentBusy < kLeastGpuBusy) {
        return fmt::format("GPU {} was {:.0f} % busy in the last {:.0f} minutes, below {:.0f} %", gpu,
                           100.0 * reading.recentBusy, RecentBusy::kSpan / 60.0, 100.0 * kLeastGpuBusy);
      }
    }
  }
  return {};
}

std::string ended(const WatchedRun& run) {
  for (const char* state : {"finished", "stopped", "failed", "killed"}) {
    if (run.state == state) return run.state + (run.reason.empty() ? "" : ": " + run.reason);
  }
  return {};
}

std::map<std::string, std::string> disk(const Readings& readings) {
  const double share =
      readings.diskTotal > 0 ? static_cast<double>(readings.diskFree) / static_cast<double>(readings.diskTotal) : 1.0;
  if (readings.diskTotal == 0 || (share >= kLeastDiskShare && readings.diskFree >= kLeastDisk)) return {};
  return {{"disk", fmt::format("{:.1f} GiB free, {:.0f} %", static_cast<double>(readings.diskFree) / (1 << 30),
                               100.0 * share)}};
}

std::map<std::string, std::string> gpuMemory(const Readings& readings) {
  std::map<std::string, std::string> found;
  for (const GpuReading& gpu : readings.gpus) {
    const double share =
        gpu.memoryTotal > 0 ? static_cast<double>(gpu.memoryUsed) / static_cast<double>(gpu.memoryTotal) : 0.0;
    if (share > kMostGpuMemory)
      found[fmt::format("gpu:{}", gpu.index)] = fmt::format("{:.1f} % of its memory is used", 100.0 * share);
  }
  return found;
}

constexpr auto kRunRules = std::to_array<RunRule>(
    {{"bad step", "A step was left out: loss or gradient is NaN or infinite, or the gradient far above its median",
      badStep, false},
     {"gradient", "Gradient norm above 10", gradient, false},
     {"loader", "More than 10 % of the time waits for the loader", loader, false},
     {"checkpoint", "No checkpoint in 12 h", checkpoint, false},
     {"gpu idle", "A GPU of a run less than 90 % busy, as the mean of 5 minutes, behind its first 10", gpuIdle, false},
     {"ended", "A run has ended", ended, true}});
constexpr auto kMachineRules =
    std::to_array<MachineRule>({{"disk", "Less than 5 % or 10 GiB free where the runs are", disk},
                                {"gpu memory", "More than 93 % of a GPU's memory used", gpuMemory}});

}  // namespace

std::span<const RunRule> runRules() {
  return kRunRules;
}
std::span<const MachineRule> machineRules() {
  return kMachineRules;
}

}  // namespace ecumene::engine::daemon
