// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/nvml.h"

#include <dlfcn.h>

#include <array>
#include <limits>

namespace ecumene::engine::daemon {
// The part of NVML's interface (NVIDIA's "NVML API Reference Guide") that is read here. Functions give 0 on success.
struct Nvml::Functions {
  using Device = void*;
  struct Memory {
    unsigned long long total, free, used;
  };
  struct Utilization {
    unsigned int gpu, memory;  ///< per cent
  };
  static constexpr unsigned kTemperatureOfGpu = 0;
  static constexpr std::size_t kNameLength = 96;

  void* library = nullptr;
  int (*init)() = nullptr;
  int (*shutdown)() = nullptr;
  int (*count)(unsigned int*) = nullptr;
  int (*handle)(unsigned int, Device*) = nullptr;
  int (*name)(Device, char*, unsigned int) = nullptr;
  int (*memory)(Device, Memory*) = nullptr;
  int (*utilization)(Device, Utilization*) = nullptr;
  int (*temperature)(Device, unsigned int, unsigned int*) = nullptr;
  int (*power)(Device, unsigned int*) = nullptr;  ///< mW

  template <class Function>
  bool find(Function& function, const char* symbol) const {
    function = reinterpret_cast<Function>(::dlsym(library, symbol));
    return function != nullptr;
  }
  bool findAll() {
    return find(init, "nvmlInit_v2") && find(shutdown, "nvmlShutdown") && find(count, "nvmlDeviceGetCount_v2") &&
           find(handle, "nvmlDeviceGetHandleByIndex_v2") && find(name, "nvmlDeviceGetName") &&
           find(memory, "nvmlDeviceGetMemoryInfo") && find(utilization, "nvmlDeviceGetUtilizationRates") &&
           find(temperature, "nvmlDeviceGetTemperature") && find(power, "nvmlDeviceGetPowerUsage");
  }
};

Nvml::Nvml(const std::string& library) {
  auto functions = std::make_unique<Functions>();
  functions->library = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (functions->library == nullptr) {
    absence_ = "no GPU readings: " + library + " is not here (it comes with NVIDIA's driver)";
    return;
  }
  const bool found = functions->findAll();
  if (!found || functions->init() != 0) {
    absence_ =
        "no GPU readings: " + library + (found ? " finds no driver that runs" : " lacks a function that they need");
    ::dlclose(functions->library);
    return;
  }
  functions_ = std::move(functions);
}

Nvml::~Nvml() {
  if (!functions_) return;
  functions_->shutdown();
  ::dlclose(functions_->library);
}

std::vector<GpuReading> Nvml::read() const {
  std::vector<GpuReading> readings;
  unsigned int count = 0;
  if (!functions_ || functions_->count(&count) != 0) return readings;
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (unsigned int i = 0; i < count; ++i) {
    Functions::Device device = nullptr;
    if (functions_->handle(i, &device) != 0) continue;
    GpuReading reading;
    reading.index = static_cast<int>(i);
    std::array<char, Functions::kNameLength> name{};
    if (functions_->name(device, name.data(), Functions::kNameLength) == 0) reading.name = name.data();
    Functions::Memory memory{};
    if (functions_->memory(device, &memory) == 0) {
      reading.memoryTotal = memory.total;
      reading.memoryUsed = memory.used;
    }
    Functions::Utilization utilization{};
    reading.busy = functions_->utilization(device, &utilization) == 0 ? utilization.gpu / 100.0 : none;
    unsigned int value = 0;
    reading.temperatureC = functions_->temperature(device, Functions::kTemperatureOfGpu, &value) == 0 ? value : none;
    reading.powerW = functions_->power(device, &value) == 0 ? value / 1000.0 : none;
    readings.push_back(std::move(reading));
  }
  return readings;
}

}  // namespace ecumene::engine::daemon
