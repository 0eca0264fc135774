// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpc/grpc.h>
#include <grpcpp/server_builder.h>

#include "engine/protocol/version.h"

namespace ecumene::engine::protocol {

/// Gives a daemon's server the limits of messages, and the pings by which each side notices that the other is gone.
inline void setLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMostMessageBytes);
  builder.SetMaxSendMessageSize(kMostMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kPingMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPingPatienceMs);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // as many as it takes
  // Unasked, gRPC takes more than two pings of a client for an attack.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kPingMs / 5);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
}

}  // namespace ecumene::engine::protocol
