// SPDX-License-Identifier: Apache-2.0
#include "app/ecumenectl/wandb.h"

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/daemon/log_end.h"
#include "engine/daemon/processes.h"

namespace ecumene::ecumenectl {
namespace {

namespace fs = std::filesystem;

constexpr int kNoWandb = 4;
/// Reads a file with a line of JSON for each step: {"step": n, "values": {name: value}}.
constexpr const char* kScript = R"(
import json, sys
try:
    import wandb
except ImportError:
    sys.exit(4)
path, name, project = sys.argv[1:]
run = wandb.init(project=project, name=name)
with open(path) as file:
    for line in file:
        step = json.loads(line)
        wandb.log(step["values"], step=step["step"])
run.finish()
print(getattr(run, "url", None) or "kept on this machine", file=sys.stderr)
)";

/// A file of this process, gone at the end.
struct Scratch {
  fs::path path = fs::temp_directory_path() / ("ecumene-wandb-" + std::to_string(::getpid()) + ".jsonl");
  Scratch() = default;
  ~Scratch() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
};

}  // namespace

std::string sendToWandb(const MetricLog& log, const std::string& run, const std::string& project) {
  // It takes each step once, in their order.
  std::map<std::int64_t, nlohmann::ordered_json> steps;
  for (const MetricLog::Point& point : log.points()) {
    // What is not finite is null: wandb shows a gap.
    nlohmann::ordered_json& values = steps[point.step];
    values[point.name] = std::isfinite(point.value) ? nlohmann::ordered_json(point.value) : nlohmann::ordered_json();
  }
  std::string lines;
  for (const auto& [step, values] : steps) {
    lines += nlohmann::ordered_json{{"step", step}, {"values", values}}.dump() + "\n";
  }
  const Scratch scratch;
  writeFileAtomically(scratch.path, lines);
  const auto ended =
      engine::daemon::runToEnd({{"/usr/bin/env", "python3", "-c", kScript, scratch.path.string(), run, project}, {}});
  if (ended.code == kNoWandb) {
    throw Error("there is no wandb", ErrorKind::kEnvironment)
        .expected("a python3 on PATH that has it")
        .next("pip install wandb && wandb login, in an environment that is active");
  }
  if (ended.code != 0) {
    throw Error("wandb did not take the metrics", ErrorKind::kEnvironment)
        .on(project)
        .found("code " + std::to_string(ended.code) + ": " + engine::daemon::lastLine(ended.err));
  }
  return engine::daemon::lastLine(ended.err);
}

}  // namespace ecumene::ecumenectl
