// SPDX-License-Identifier: Apache-2.0
// What a model needs, where it is loaded, and by which program.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "data/base/error.h"
#include "data/base/kernel_file.h"
#include "engine/daemon/inspectors.h"
#include "engine/daemon/launch_spec.h"
#include "engine/daemon/slots.h"
#include "engine/run/owner_lock.h"

namespace ecumene::engine::daemon {
namespace {

namespace fs = std::filesystem;

std::string bytesText(std::int64_t bytes) {
  return fmt::format("{} bytes ({:.3g} GB)", bytes, static_cast<double>(bytes) / 1e9);
}

/// One line of what a file is: another one has another.
std::string stampOf(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return "-";
  return fmt::format("{} {} {}.{}", file.filename().string(), status.st_ino, status.st_mtim.tv_sec,
                     status.st_mtim.tv_nsec);
}

}  // namespace

/// The run that has this GPU; empty: none.
std::string Inspectors::trainedOn(int gpu) const {
  return supervisor_.takenBy(Slot::parse(fmt::format("gpu:{}", gpu)));
}

/// A GPU, else -1, the CPU.
int Inspectors::place(const Model& model, std::int64_t need) {
  while (true) {
    for (const GpuReading& gpu : monitor_.readings().gpus) {
      const bool fits = gpu.memoryTotal >= gpu.memoryUsed + static_cast<std::uint64_t>(need);
      if (fits && trainedOn(gpu.index).empty()) return gpu.index;
    }
    const std::int64_t free = memoryForUs();
    if (need <= free) return -1;
    if (endIdle(&model)) continue;
    throw Error("there is not enough memory to load the model that is asked", ErrorKind::kEnvironment)
        .on(model.run)
        .expected("at least " + bytesText(need))
        .found(bytesText(free) + ", and no GPU with that much on which nothing trains")
        .next("ask when what trains here has ended, or on another machine");
  }
}

std::int64_t Inspectors::memoryForUs() const {
  std::int64_t free = kernelBytes("/proc/meminfo", "MemAvailable").value_or(0);
  for (const std::string& id : registry_.ids()) {
    const auto owner = run::OwnerLock::owner(registry_.pathOf(id));
    if (!owner) continue;
    // What a training has had already it may take again: for a checkpoint, or an evaluation.
    const std::string status = fmt::format("/proc/{}/status", *owner);
    const auto most = kernelBytes(status, "VmHWM"), now = kernelBytes(status, "VmRSS");
    if (most && now) free -= std::max<std::int64_t>(0, *most - *now);
  }
  return std::min(free, setup_.mostBytes.value_or(free));
}

std::int64_t Inspectors::needOf(const Model& model) {
  const std::string key = model.run + "\n" + stampOf(registry_.pathOf(model.run) / "run.toml");
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = needs_.find(key); found != needs_.end()) return found->second;
  }
  const Ended ended = runToEnd(program(model, "--need", -1));
  if (ended.code != 0) throw trainerError(ended, "counting the memory that a question needs");
  const nlohmann::json said = nlohmann::json::parse(ended.out, nullptr, false);
  if (!said.is_object() || !said.contains("bytes"))
    throw internalError("ecumene-train inspect --need printed something else");
  const auto bytes = said.at("bytes").get<std::int64_t>();
  const std::lock_guard lock(mutex_);
  needs_[key] = bytes;
  return bytes;
}

Program Inspectors::program(const Model& model, const std::string& word, int gpu) const {
  Program program{{(setup_.programs / "ecumene-train").string(), "inspect", registry_.pathOf(model.run).string(), word,
                   "--json", "--device", gpu < 0 ? "cpu" : "cuda"},
                  {{"OMP_WAIT_POLICY", "passive"}}};
  program.environment.merge(showingGpus(gpu < 0 ? "" : std::to_string(gpu)));
  if (!model.store.empty()) {
    program.words.insert(program.words.end(), {"--data", stores_.folderOf(model.store).string()});
  }
  return program;
}

/// Changes with what a process would load.
std::string Inspectors::versionOf(const std::string& run) const {
  const fs::path folder = registry_.pathOf(run);
  std::error_code ignored;
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(folder / "checkpoints", ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".incomplete")) newest = std::max(newest, entry.path());
  }
  std::set<std::string> stamps = {stampOf(folder / "run.toml"), newest.string() + stampOf(newest / "manifest.sha256")};
  for (const auto& entry : fs::directory_iterator(folder / "artifacts", ignored)) {
    if (entry.path().extension() == ".json") stamps.insert(stampOf(entry.path()));
  }
  return fmt::format("{}", fmt::join(stamps, "\n"));
}

}  // namespace ecumene::engine::daemon
