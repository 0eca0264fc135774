// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

namespace ecumene {

/// Calls body(i) for every i in [0, count) on up to `threads` threads; no order is promised, so bodies write to places
/// of their own. The first exception stops the rest and is thrown here. A requested stop ends it early with an Error of
/// kind kCancelled. threads = 0 means one per core.
void parallelFor(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& body,
                 const std::stop_token& stop = {});

}  // namespace ecumene
