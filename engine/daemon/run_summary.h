// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ecumene.pb.h"
#include "engine/daemon/registry.h"
#include "engine/daemon/supervisor.h"

namespace ecumene::engine::daemon {

/// A run as lists show it. One that cannot be read has the state "damaged" and the reason.
wire::Run summary(Registry& registry, Supervisor& supervisor, const std::string& id);

wire::Command toWire(const run::Command& command);

}  // namespace ecumene::engine::daemon
