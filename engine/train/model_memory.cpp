// SPDX-License-Identifier: Apache-2.0
#include "engine/train/model_memory.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "data/base/kernel_file.h"
#include "engine/train/learner.h"
#include "models/unified/parameter_count.h"

namespace ecumene::engine::train {
namespace {

constexpr std::int64_t kWordBytes = 4;

constexpr std::int64_t kUnlimited = std::int64_t{1} << 60;

/// Settings that need less than `spec`, from the least that they take away to the most.
std::vector<std::pair<std::string, config::RunSpec>> smaller(const config::RunSpec& spec) {
  std::vector<std::pair<std::string, config::RunSpec>> made;
  config::RunSpec next = spec;
  std::string words;
  const auto add = [&](const char* setting) {
    config::set(next, setting);
    words += (words.empty() ? "" : " and ") + std::string(setting);
    made.emplace_back(words, next);
  };
  if (spec.train.ema > 0.0) add("train.ema=0");
  if (spec.train.optimiser != "lion") add("train.optimiser=lion");
  // A corpus is learned by the model that another run or folder has.
  if (!spec.data.corpus.empty()) return made;
  std::vector<std::string> presets = config::presets();
  std::ranges::reverse(presets);
  for (const std::string& name : presets) made.emplace_back("the preset " + name, config::preset(name));
  return made;
}

}  // namespace

std::string gigabytes(std::int64_t bytes) {
  return fmt::format("{:.3g} GB", static_cast<double>(bytes) / 1e9);
}

ModelMemory modelMemory(const config::RunSpec& spec) {
  const auto learns = config::learningParts(spec.train.parts);
  std::int64_t all = 0, learning = 0;
  for (const models::unified::PartCount& part : models::unified::countParameters(spec.model)) {
    const bool isLanguage = part.part == "language";
    if (!spec.data.corpus.empty() && !isLanguage) continue;
    all += part.parameters;
    // With low-rank additions hardly any of the part's own weights learn.
    if (learns.at(partOf(part.part)) && !(isLanguage && spec.model.language.loraRank > 0)) learning += part.parameters;
  }
  const std::int64_t moments = spec.train.optimiser == "lion" ? 1 : 2;
  return {kWordBytes * all, kWordBytes * learning, kWordBytes * learning * moments,
          spec.train.ema > 0.0 ? kWordBytes * learning : 0};
}

std::int64_t bytesNeeded(const config::RunSpec& spec) {
  const ModelMemory needs = modelMemory(spec);
  return needs.checkpoint() + needs.checkpoint();
}

std::int64_t bytesFree() {
  const auto available = kernelBytes("/proc/meminfo", "MemAvailable");
  std::int64_t free = available ? *available + kernelBytes("/proc/meminfo", "SwapFree").value_or(0) : kUnlimited;
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    const std::int64_t used = kernelBytes("/proc/self/status", "VmSize").value_or(0);
    free = std::min(free, std::max<std::int64_t>(0, static_cast<std::int64_t>(limit.rlim_cur) - used));
  }
  return free;
}

Error modelTooLarge(const config::RunSpec& spec, std::int64_t free, const std::string& found, bool begun) {
  const std::int64_t needed = bytesNeeded(spec);
  Error made("not enough memory for the model", ErrorKind::kEnvironment);
  made.on("model").expected("at least " + gigabytes(needed) +
                            " for weights, optimiser, averages and the copy that a checkpoint makes");
  made.found(gigabytes(free) + " free" + (found.empty() ? "" : "; " + found));
  for (const auto& [words, other] : smaller(spec)) {
    const std::int64_t its = bytesNeeded(other);
    if (!begun && its < needed && its <= free) return made.next(words + " needs " + gigabytes(its));
  }
  return made.next("end other programs, or use a machine with more memory");
}

void requireMemory(const config::RunSpec& spec, bool begun) {
  if (!deviceOf(spec.train).is_cpu()) return;
  const std::int64_t free = bytesFree();
  if (bytesNeeded(spec) > free) throw modelTooLarge(spec, free, {}, begun);
}

}  // namespace ecumene::engine::train
