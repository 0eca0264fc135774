// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
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

/// Takes readings. One thread at a time.
class Meter {
 public:
  explicit Meter(std::filesystem::path disk) : disk_(std::move(disk)) {}
  Readings read();

 private:
  std::filesystem::path disk_;
  Nvml nvml_;
  std::uint64_t busyBefore_ = 0, allBefore_ = 0;
};

}  // namespace ecumene::engine::daemon
