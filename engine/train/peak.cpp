// SPDX-License-Identifier: Apache-2.0
#include "engine/train/peak.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ecumene::engine::train {
namespace {

struct Row {
  std::string_view name;
  double narrow;   ///< bfloat16 and float16 with sums in float32, 10^12/s
  double float32;  ///< without tensor cores: products are not rounded to TF32 here
};

constexpr std::array kRows = {
    Row{"NVIDIA A100-PCIE-40GB", 312.0, 19.5}, Row{"NVIDIA A100-SXM4-40GB", 312.0, 19.5},
    Row{"NVIDIA A100 80GB PCIe", 312.0, 19.5}, Row{"NVIDIA A100-SXM4-80GB", 312.0, 19.5},
    Row{"NVIDIA H100 PCIe", 756.0, 51.0},      Row{"NVIDIA H100 NVL", 835.5, 60.0},
    Row{"NVIDIA H100 80GB HBM3", 989.5, 67.0}, Row{"NVIDIA H200", 989.5, 67.0},
    Row{"NVIDIA H200 NVL", 835.5, 60.0},       Row{"NVIDIA L4", 121.0, 30.3},
    Row{"NVIDIA L40S", 362.0, 91.6},
};

}  // namespace

std::string deviceName(const torch::Device& device) {
  if (!device.is_cuda()) return "CPU";
  // The driver is there, since Torch computes on it; its library is not linked.
  void* driver = ::dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
  std::array<char, 256> name{};
  if (driver != nullptr) {
    auto* const deviceGet = reinterpret_cast<int (*)(int*, int)>(::dlsym(driver, "cuDeviceGet"));
    auto* const deviceGetName = reinterpret_cast<int (*)(char*, int, int)>(::dlsym(driver, "cuDeviceGetName"));
    int number = 0;
    const bool found = deviceGet != nullptr && deviceGetName != nullptr &&
                       deviceGet(&number, device.has_index() ? device.index() : 0) == 0 &&
                       deviceGetName(name.data(), static_cast<int>(name.size()) - 1, number) == 0;
    if (!found) name.front() = '\0';
    ::dlclose(driver);
  }
  return name.front() == '\0' ? "GPU" : name.data();
}

std::optional<double> peakFlopsPerSecond(std::string_view device, std::string_view precision) {
  const auto* const found = std::ranges::find(kRows, device, &Row::name);
  if (found == kRows.end()) return std::nullopt;
  return 1e12 * (precision == "float32" ? found->float32 : found->narrow);
}

std::string peakInWords(std::string_view device, std::string_view precision) {
  if (const auto peak = peakFlopsPerSecond(device, precision)) {
    return fmt::format("{}: at most {:g} TFLOP/s in {}, of which mfu is the share", device, *peak / 1e12, precision);
  }
  return fmt::format("{}: no mfu, as its peak in {} is not known; flops_per_s is what it does", device, precision);
}

}  // namespace ecumene::engine::train
