// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ecumene {

/// Bytes that a line "KEY:  123 kB" of a file such as /proc/meminfo or /proc/self/status says; none without such a
/// line.
std::optional<std::int64_t> kernelBytes(const std::string& file, std::string_view key);

}  // namespace ecumene
