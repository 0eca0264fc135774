// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/ecumenectl/metric_log.h"

namespace ecumene::ecumenectl {

/// Sends metrics to Weights & Biases through the `wandb` that the user's python3 has, with that one's login and
/// settings (WANDB_MODE=offline keeps them here). Returns what it says of the run: its address. Throws Error where
/// there is no wandb, or it refuses.
std::string sendToWandb(const MetricLog& log, const std::string& run, const std::string& project);

}  // namespace ecumene::ecumenectl
