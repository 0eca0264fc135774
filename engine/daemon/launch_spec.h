// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "data/base/error.h"
#include "engine/config/run_spec.h"
#include "engine/daemon/processes.h"

namespace ecumene::engine::daemon {

/// A preset with "KEY=VALUE" settings. Throws Error (kUsage) also at options that are paths on this machine or are
/// decided by other fields of a request: data.store, data.tokeniser, train.begin, train.device.
config::RunSpec launchSpec(const std::string& preset, const std::vector<std::string>& settings);

/// What `ecumene-train --json` printed of its failure. `doing`: "making the run".
Error trainerError(const Ended& ended, const std::string& doing);

/// "ended by signal 9", "ended with code 1".
std::string endingOf(int code);

}  // namespace ecumene::engine::daemon
