// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace ecumene::engine::daemon {

/// What a GPU says of itself; NaN where it does not.
struct GpuReading {
  int index = 0;
  std::string name;
  std::uint64_t memoryUsed = 0, memoryTotal = 0;  ///< bytes; total 0: not said
  double busy = 0.0;                              ///< share of the last second in which it computed
  double temperatureC = 0.0, powerW = 0.0;
  double recentBusy = std::numeric_limits<double>::quiet_NaN();  ///< RecentBusy's
};

/// NVIDIA's management library, which comes with the driver: loaded as the program runs, so that none is needed.
class Nvml {
 public:
  static constexpr const char* kLibrary = "libnvidia-ml.so.1";
  explicit Nvml(const std::string& library);
  ~Nvml();
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  /// Why there are no readings; empty where there are.
  [[nodiscard]] const std::string& absence() const { return absence_; }
  [[nodiscard]] std::vector<GpuReading> read() const;

 private:
  struct Functions;
  std::unique_ptr<Functions> functions_;
  std::string absence_;
};

}  // namespace ecumene::engine::daemon
