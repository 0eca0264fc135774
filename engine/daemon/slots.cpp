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
constexpr int kMostGpus = 64;

/// The number that `text` is; negative where it is none.
int numberOf(std::string_view text) {
  int number = -1;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size() && number < kMostGpus ? number : -1;
}

}  // namespace

Slot Slot::parse(const std::string& text) {
  if (text == "cpu") return {};
  const auto refuse = [&] {
    return Error("this is no slot", ErrorKind::kUsage).on(text).expected("cpu, gpu:0, or gpu:0,1");
  };
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
  return {{gpus.begin(), gpus.end()}};
}

std::string Slot::text() const {
  if (gpus.empty()) return "cpu";
  std::string text(kGpu);
  for (const int gpu : gpus) text += (text.back() == ':' ? "" : ",") + std::to_string(gpu);
  return text;
}

bool Slot::conflictsWith(const Slot& other) const {
  if (gpus.empty() || other.gpus.empty()) return gpus.empty() && other.gpus.empty();
  return std::find_first_of(gpus.begin(), gpus.end(), other.gpus.begin(), other.gpus.end()) != gpus.end();
}

std::vector<int> gpusOfThisMachine() {
  std::vector<int> gpus;
  std::error_code ignored;
  for (int gpu = 0; gpu < kMostGpus; ++gpu) {
    if (std::filesystem::exists("/dev/nvidia" + std::to_string(gpu), ignored)) gpus.push_back(gpu);
  }
  return gpus;
}

}  // namespace ecumene::engine::daemon
