// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ecumene::engine::daemon {

/// Clients name runs and stores by ids, which are names of files here: 1 to 64 of A-Z a-z 0-9 . _ -, the first a letter
/// or a digit. `what` is "run" or "store" in the message. Throws Error (kUsage) at anything else.
void requireId(std::string_view what, const std::string& id);

/// Ids of planets and samples are the data's own, but no longer than this many bytes.
inline constexpr std::size_t kLongestSampleId = 4096;

}  // namespace ecumene::engine::daemon
