// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/run/run_directory.h"

namespace ecumene::engine::run {

/// All events of these kinds, however many others there are, in the order in which they came.
std::vector<Event> eventsOf(const RunDirectory& run, const std::set<std::string>& kinds);

}  // namespace ecumene::engine::run
