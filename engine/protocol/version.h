// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ecumene::engine::protocol {

/// Version of ecumene.proto. Daemon and client must speak the same one.
inline constexpr int kProtocolVersion = 3;

/// Most bytes of one message, and of an array's piece in a stream.
inline constexpr int kMostMessageBytes = 4 << 20;
inline constexpr int kChunkBytes = 1 << 20;

/// While a call goes on, a client pings a daemon that says nothing so often, and gives it so long for its answer; so does
/// the daemon with its clients. Pings are the connection's own: they are answered whatever calls wait for.
inline constexpr int kPingMs = 5000, kPingPatienceMs = 10000;

}  // namespace ecumene::engine::protocol
