// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/status.h>

#include <string>
#include <string_view>

#include "data/base/error.h"

/// Errors on their way through gRPC: what the daemon throws, its client throws again, word for word.
namespace ecumene::engine::protocol {

grpc::Status toStatus(const Error& error);

/// The Error of a status that is not ok: that of the daemon; or, where the daemon has said nothing, what the transport
/// met. `daemon` names whom was asked.
Error fromStatus(const grpc::Status& status, const std::string& daemon);

/// Nobody answers: the daemon is gone, or the way to it.
Error unreachable(const std::string& daemon);
/// Somebody has the socket and says nothing: a daemon that is stopped, or a way to it that is dead.
Error silent(const std::string& daemon);
bool isSilent(const Error& error);
/// Either of both: another call may be answered later.
bool isUnreachable(const Error& error);

/// The same text with each byte that is no UTF-8 as U+FFFD: protobuf's texts are nothing else.
std::string utf8(std::string_view text);

/// Runs a handler; its Errors become a status. For services.
template <class Handler>
grpc::Status answer(Handler handler) {
  try {
    handler();
    return grpc::Status::OK;
  } catch (const Error& error) {
    return toStatus(error);
  } catch (const std::exception& error) {
    return toStatus(internalError(error.what()));
  }
}

}  // namespace ecumene::engine::protocol
