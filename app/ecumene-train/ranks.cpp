// SPDX-License-Identifier: Apache-2.0
#include "app/ecumene-train/ranks.h"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "data/base/error.h"

namespace ecumene::ecumene_train {
namespace {

constexpr std::int64_t kMostPort = 65535;

/// A whole number from `least` to `most`; none where the variable is not set.
std::optional<std::int64_t> number(const Environment& environment, const char* name, std::int64_t least,
                                   std::int64_t most) {
  const std::optional<std::string> text = environment(name);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, problem] = std::from_chars(text->data(), end, value);
  if (problem == std::errc{} && stop == end && value >= least && value <= most) return value;
  throw Error("the launcher's environment makes no sense", ErrorKind::kUsage)
      .on(name)
      .expected(most == std::numeric_limits<std::int64_t>::max()
                    ? "a whole number from " + std::to_string(least)
                    : "a whole number from " + std::to_string(least) + " to " + std::to_string(most))
      .found(text->substr(0, 64));
}

}  // namespace

void requireOneProcess(const Environment& environment) {
  constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();
  const std::int64_t world = number(environment, "WORLD_SIZE", 1, kAny).value_or(1);
  if (world > 1) {
    throw Error("a run is trained by one process, and the launcher starts several", ErrorKind::kUsage)
        .on("WORLD_SIZE")
        .expected("1")
        .found(std::to_string(world) + (environment("RANK") ? ", this is rank " + *environment("RANK") : ""))
        .next("torchrun --nnodes=1 --nproc-per-node=1, and a run of its own for each GPU");
  }
  const std::int64_t tasks = number(environment, "SLURM_STEP_NUM_TASKS", 1, kAny).value_or(1);
  if (tasks > 1) {
    throw Error("a run is trained by one process, and srun starts several", ErrorKind::kUsage)
        .on("SLURM_STEP_NUM_TASKS")
        .expected("1")
        .found(std::to_string(tasks))
        .next("srun --ntasks=1");
  }
  // One process has no one to meet: address and port only have to be ones.
  number(environment, "RANK", 0, 0);
  number(environment, "LOCAL_RANK", 0, 0);
  number(environment, "MASTER_PORT", 1, kMostPort);
}

void requireOneProcess() {
  requireOneProcess([](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
}

}  // namespace ecumene::ecumene_train
