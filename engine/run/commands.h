// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/config/run_spec.h"
#include "engine/run/run_directory.h"

namespace ecumene::engine::run {

/// The spec after the command `set` with "train.lr=1e-4". Throws Error where the option is none, is not live or the
/// value does not fit.
config::RunSpec withLiveOption(const config::RunSpec& spec, const std::string& assignment);
/// The spec after the command `extend` with "epochs=+2" (more epochs) or "epochs=12" (in all; not fewer than
/// `finished`). Throws Error at anything else.
config::RunSpec extended(const config::RunSpec& spec, const std::string& argument, std::int64_t finished);

/// The spec that a run goes by now: its run.toml, with every `set` and `extend` that was done since.
config::RunSpec currentSpec(const RunDirectory& run);

}  // namespace ecumene::engine::run
