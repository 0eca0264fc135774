// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <utility>

#include "ecumene.grpc.pb.h"
#include "engine/protocol/errors.h"
#include "engine/protocol/version.h"

namespace ecumene::engine::daemon {

/// Session of ecumene.proto.
class SessionService final : public wire::Session::Service {
 public:
  explicit SessionService(wire::HelloReply self) : self_(std::move(self)) {}

  grpc::Status Hello(grpc::ServerContext*, const wire::HelloRequest* request, wire::HelloReply* reply) override {
    return protocol::answer([&] {
      if (request->protocol() != protocol::kProtocolVersion) {
        throw Error("the daemon speaks another version of the protocol", ErrorKind::kEnvironment)
            .expected("version " + std::to_string(protocol::kProtocolVersion) + " of " + self_.program())
            .found("version " + std::to_string(request->protocol()) + " of " + request->program().substr(0, 64))
            .next("use programs of one version on both sides");
      }
      *reply = self_;
    });
  }
  grpc::Status Shutdown(grpc::ServerContext*, const wire::ShutdownRequest*, wire::ShutdownReply*) override {
    askedToEnd_ = true;
    return grpc::Status::OK;
  }
  [[nodiscard]] bool askedToEnd() const { return askedToEnd_; }

 private:
  const wire::HelloReply self_;
  std::atomic<bool> askedToEnd_ = false;
};

}  // namespace ecumene::engine::daemon
