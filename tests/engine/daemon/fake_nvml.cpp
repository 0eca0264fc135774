// SPDX-License-Identifier: Apache-2.0
// The functions of NVIDIA's management library that ecumened calls, by the signatures of its "NVML API Reference
// Guide"; numbers of errors from there.
#include "tests/engine/daemon/fake_nvml.h"

#include <cstdio>

namespace {

using Device = ecumene::test::FakeNvml::Card*;
struct Memory {
  unsigned long long total, free, used;
};
struct Utilization {
  unsigned gpu, memory;
};
constexpr int kSuccess = 0, kInvalidArgument = 2, kDriverNotLoaded = 9, kUnknown = 999;

ecumene::test::FakeNvml& state() {
  static ecumene::test::FakeNvml only;
  return only;
}

}  // namespace

extern "C" {

ecumene::test::FakeNvml* fakeNvml() {
  return &state();
}
int nvmlInit_v2() {
  if (!state().driver) return kDriverNotLoaded;
  ++state().open;
  return kSuccess;
}
int nvmlShutdown() {
  --state().open;
  return kSuccess;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = state().count;
  return kSuccess;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, Device* device) {
  if (index >= state().count) return kInvalidArgument;
  *device = &state().cards[index];
  return kSuccess;
}
int nvmlDeviceGetName(Device device, char* name, unsigned length) {
  std::snprintf(name, length, "Fake A5000 %d", static_cast<int>(device - state().cards));
  return kSuccess;
}
int nvmlDeviceGetMemoryInfo(Device device, Memory* memory) {
  if (device->fails) return kUnknown;
  *memory = {device->memoryTotal, device->memoryTotal - device->memoryUsed, device->memoryUsed};
  return kSuccess;
}
int nvmlDeviceGetUtilizationRates(Device device, Utilization* utilization) {
  if (device->fails) return kUnknown;
  *utilization = {device->busy, 0};
  return kSuccess;
}
int nvmlDeviceGetTemperature(Device device, unsigned sensor, unsigned* celsius) {
  if (device->fails || sensor != 0) return kUnknown;
  *celsius = 61;
  return kSuccess;
}
int nvmlDeviceGetPowerUsage(Device device, unsigned* milliwatts) {
  if (device->fails) return kUnknown;
  *milliwatts = 229'500;
  return kSuccess;
}
}
