// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace ecumene {

/// Told as work goes on: `done` of `total` pieces, and what the latest one is. Called from any thread, one call at a
/// time.
using Progress = std::function<void(std::size_t done, std::size_t total, std::string_view what)>;

}  // namespace ecumene
