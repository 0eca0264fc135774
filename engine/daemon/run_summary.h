// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "ecumene.pb.h"
#include "engine/daemon/registry.h"
#include "engine/daemon/supervisor.h"

namespace ecumene::engine::daemon {

/// The last value of each metric that the last steps of a run have; step and time of the last of them.
struct LastMetrics {
  std::map<std::string, double> values;
  std::int64_t step = 0, sequence = 0;
  double time = 0.0;  ///< seconds since 1970; 0: there is none
};
LastMetrics lastMetrics(const run::RunDirectory& run);

/// A run as lists show it. One that cannot be read has the state "damaged" and the reason.
wire::Run summary(Registry& registry, Supervisor& supervisor, const std::string& id);

wire::Command toWire(const run::Command& command);

}  // namespace ecumene::engine::daemon
