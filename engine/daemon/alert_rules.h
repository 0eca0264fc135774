// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/daemon/readings.h"

namespace ecumene::engine::daemon {

/// A run as the rules look at it.
struct WatchedRun {
  std::string id, state, reason, slot;
  std::map<std::string, double> metrics;  ///< the last value of each
  double gradientNorm = 0.0;              ///< the largest of the steps since the last look, or of the last step
  std::string badStep;                    ///< why the trainer has left out a step since the last look, or its last one
  double now = 0.0;                       ///< seconds since 1970
  double runningSince = 0.0;              ///< since when this state is
  std::optional<double> checkpointTime;   ///< of the last checkpoint
  const Readings* readings = nullptr;
};

/// A row of the table: what is watched, and when it is to be said. `holds` gives what to say while it is so, and empty
/// text while it is not.
struct RunRule {
  std::string_view name, sentence;
  std::string (*holds)(const WatchedRun& run);
  bool onlyNews;  ///< said where the run's state is newer than the last look
};
struct MachineRule {
  std::string_view name, sentence;
  /// By what it is of: "disk", "gpu:0".
  std::map<std::string, std::string> (*holds)(const Readings& readings);
};

std::span<const RunRule> runRules();
std::span<const MachineRule> machineRules();

}  // namespace ecumene::engine::daemon
