// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/slots.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <string_view>

#include "data/base/error.h"

namespace ecumene::engine::daemon {
namespace {

constexpr std::string_view kGpu = "gpu:";
constexpr std::string_view kSlurm = "slurm";
constexpr std::size_t kLongestPartition = 64;
constexpr int kMostGpus = 64;

/// The number that `text` is; negative where it is none.
int numberOf(std::string_view text) {
  int number = -1;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size() && number < kMostGpus ? number : -1;
}

/// It becomes a word of a command line: no option of it, no list.
bool isPartition(std::string_view text) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  return !text.empty() && text.size() <= kLongestPartition && text.front() != '-' && std::ranges::all_of(text, good);
}

}  // namespace

Slot Slot::parse(const std::string& text) {
  if (text == "cpu") return {};
  const auto refuse = [&] {
    return Error("this is no slot", ErrorKind::kUsage)
        .on(text.substr(0, 2 * kLongestPartition))
        .expected("cpu, gpu:0, slurm, or slurm:PARTITION");
  };
  if (text == kSlurm) return {{}, true, {}};
  if (text.starts_with(kSlurm) && text.size() > kSlurm.size() && text[kSlurm.size()] == ':') {
    const std::string partition = text.substr(kSlurm.size() + 1);
    if (!isPartition(partition)) throw refuse();
    return {{}, true, partition};
  }
  if (!text.starts_with(kGpu)) throw refuse();
  std::set<int> gpus;
  std::string_view rest = std::string_view(text).substr(kGpu.size());
  while (true) {
    const std::size_t comma = rest.find(',');
    const int gpu = numberOf(rest.substr(0, comma));
    if (gpu < 0 || !gpus.insert(gpu).second) throw refuse();
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  return {{gpus.begin(), gpus.end()}, false, {}};
}

Slot Slot::asked(const std::string& text) {
  if (text.empty()) return firstSlot();
  Slot slot = parse(text);
  if (slot.gpus.size() < 2) return slot;
  throw Error("a run computes on one GPU", ErrorKind::kUsage)
      .on(text.substr(0, 2 * kLongestPartition))
      .expected("one, such as " + Slot{{slot.gpus.front()}, false, {}}.text())
      .next("launch a run on each: they train at the same time");
}

std::string Slot::text() const {
  if (slurm) return std::string(kSlurm) + (partition.empty() ? "" : ":") + partition;
  if (gpus.empty()) return "cpu";
  std::string text(kGpu);
  for (const int gpu : gpus) text += (text.back() == ':' ? "" : ",") + std::to_string(gpu);
  return text;
}

bool Slot::conflictsWith(const Slot& other) const {
  if (slurm || other.slurm) return false;
  if (gpus.empty() || other.gpus.empty()) return gpus.empty() && other.gpus.empty();
  return std::find_first_of(gpus.begin(), gpus.end(), other.gpus.begin(), other.gpus.end()) != gpus.end();
}

std::vector<int> gpusOfThisMachine(const std::filesystem::path& devices) {
  // A container that is given the host's fourth GPU has /dev/nvidia3 alone, which CUDA and NVML call 0 there.
  std::vector<int> gpus;
  std::error_code ignored;
  for (int node = 0; node < kMostGpus; ++node) {
    if (std::filesystem::exists(devices / ("nvidia" + std::to_string(node)), ignored)) {
      gpus.push_back(static_cast<int>(gpus.size()));
    }
  }
  return gpus;
}

std::map<std::string, std::string> showingGpus(const std::string& gpus) {
  return {{"CUDA_VISIBLE_DEVICES", gpus}, {"CUDA_DEVICE_ORDER", "PCI_BUS_ID"}};
}

Slot firstSlot() {
  const std::vector<int> gpus = gpusOfThisMachine();
  return gpus.empty() ? Slot{} : Slot{{gpus.front()}, false, {}};
}

}  // namespace ecumene::engine::daemon
