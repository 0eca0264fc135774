// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/daemon/nvml.h"

namespace ecumene::engine::daemon {

/// The machine at one moment. Bytes.
struct Readings {
  double time = 0.0;     ///< seconds since 1970
  double cpuBusy = 0.0;  ///< share of all cores since the reading before; NaN: it is the first
  unsigned cores = 0;
  std::uint64_t memoryTotal = 0, memoryAvailable = 0;
  std::uint64_t diskTotal = 0, diskFree = 0;  ///< of the runs, for this user
  std::vector<GpuReading> gpus;
  std::string gpuAbsence;  ///< why there are none of GPUs; empty: there are
};

/// The mean of what each GPU was busy over the last kSpan seconds: one second's share says little, since every step
/// ends with a wait. NaN before there are readings of that long.
class RecentBusy {
 public:
  static constexpr double kSpan = 300.0;
  /// Takes these into the mean, and says it in them.
  void fill(Readings& readings);

 private:
  std::map<int, std::deque<std::pair<double, double>>>
      last_;  ///< by GPU: time and share, the oldest kSpan old or older
};

/// Takes readings. One thread at a time.
class Meter {
 public:
  explicit Meter(std::filesystem::path disk, const std::string& nvml = Nvml::kLibrary)
      : disk_(std::move(disk)), nvml_(nvml) {}
  Readings read();

 private:
  std::filesystem::path disk_;
  Nvml nvml_;
  RecentBusy recent_;
  std::uint64_t busyBefore_ = 0, allBefore_ = 0;
};

}  // namespace ecumene::engine::daemon
