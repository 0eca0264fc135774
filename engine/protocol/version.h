// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ecumene::engine::protocol {

/// Version of ecumene.proto. Daemon and client must speak the same one.
inline constexpr int kProtocolVersion = 1;

/// Most bytes of one message, and of an array's piece in a stream.
inline constexpr int kMostMessageBytes = 4 << 20;
inline constexpr int kChunkBytes = 1 << 20;

}  // namespace ecumene::engine::protocol
