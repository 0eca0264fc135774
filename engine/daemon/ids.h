// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ecumene::engine::daemon {

/// Clients name runs and stores by ids, which are names of files here: 1 to 64 of A-Z a-z 0-9 . _ -, the first a letter
/// or a digit. `what` is "run" or "store" in the message. Throws Error (kUsage) at anything else.
void requireId(std::string_view what, const std::string& id);

}  // namespace ecumene::engine::daemon
