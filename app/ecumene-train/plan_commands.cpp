// SPDX-License-Identifier: Apache-2.0
#include "app/ecumene-train/plan_commands.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/ecumene-train/preset_spec.h"
#include "app/ecumene-train/progress.h"
#include "app/ecumene-train/ranks.h"
#include "app/ecumene-train/result.h"
#include "data/base/say.h"
#include "data/base/target_folder.h"
#include "engine/train/measure.h"
#include "engine/train/model_memory.h"
#include "engine/train/signals.h"
#include "models/unified/parameter_count.h"

namespace ecumene::ecumene_train {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// A folder to work in that is gone when this is. One that holds anything is somebody's, and refused.
struct Scratch {
  explicit Scratch(const std::string& path) : folder(path) { requireAbsentOrEmpty(folder); }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path folder;
};

}  // namespace

int countParameters(bool json, const std::string& preset, const std::vector<std::string>& settings) {
  const engine::config::RunSpec spec = specOf(preset, settings);
  engine::config::validate(spec);
  Json parts = Json::object();
  std::int64_t total = 0;
  for (const auto& part : models::unified::countParameters(spec.model)) {
    parts[part.part] = part.parameters;
    total += part.parameters;
  }
  const engine::train::ModelMemory needs = engine::train::modelMemory(spec);
  const Json memory = {{"weights", needs.weights},
                       {"gradients", needs.gradients},
                       {"optimiser", needs.optimiser},
                       {"averages", needs.averages},
                       {"checkpoint", needs.checkpoint()}};
  if (json) {
    print({{"parts", parts}, {"total", total}, {"memory", memory}});
    return 0;
  }
  for (const auto& [part, count] : parts.items()) put("{:<12} {:>15}\n", part, count.get<std::int64_t>());
  put("{:<12} {:>15}\n", "total", total);
  for (const auto& [what, bytes] : memory.items()) {
    if (bytes > 0) put("{:<12} {:>15}\n", what, engine::train::gigabytes(bytes.get<std::int64_t>()));
  }
  return 0;
}

int measure(bool json, const MeasureCommand& command) {
  requireOneProcess();
  engine::config::RunSpec spec = specOf(command.preset, command.settings);
  spec.data.store = command.store;
  const Scratch scratch(command.scratch);
  const bool inLines = std::getenv("ECUMENE_PROGRESS") != nullptr;
  engine::train::Measurement made;
  {
    TrainingProgress progress(false);
    engine::train::MeasureOptions options;
    options.steps = command.steps;
    options.onStep = [&](std::int64_t done, std::int64_t total) {
      // The first step is the sign that the run is made: from now on an end is orderly.
      if (done == 0) engine::train::stopOnSignals();
      if (inLines) return say(fmt::format("progress {} {} steps\n", done, total));
      progress.show("steps", static_cast<std::size_t>(done), static_cast<std::size_t>(total));
    };
    options.interrupted = [] { return engine::train::signalReceived() != 0; };
    made = engine::train::measure(spec, scratch.folder, options);
  }
  const char* gpus = std::getenv("CUDA_VISIBLE_DEVICES");
  if (json) {
    print({{"preset", command.preset},
           {"spec", engine::config::toToml(spec)},
           {"gpus", gpus == nullptr ? "" : gpus},
           {"steps", made.steps},
           {"seconds_per_step", made.secondsPerStep},
           {"samples_per_second", made.samplesPerSecond},
           {"prepare_seconds", made.prepareSeconds},
           {"peak_bytes", made.peakBytes},
           {"gpu_peak_bytes", made.gpuPeakBytes}});
    return 0;
  }
  put("{:.3g} s a step ({} timed), {:.4g} samples/s; {} to the first step; at most {} of memory{}\n",
      made.secondsPerStep, made.steps, made.samplesPerSecond, duration(made.prepareSeconds),
      engine::train::gigabytes(made.peakBytes),
      made.gpuPeakBytes > 0 ? ", " + engine::train::gigabytes(made.gpuPeakBytes) + " of the GPU's" : "");
  return 0;
}

}  // namespace ecumene::ecumene_train
