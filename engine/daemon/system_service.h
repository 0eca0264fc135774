// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ecumene.grpc.pb.h"
#include "engine/daemon/monitor.h"

namespace ecumene::engine::daemon {

/// System of ecumene.proto.
class SystemService final : public wire::System::Service {
 public:
  explicit SystemService(Monitor& monitor) : monitor_(monitor) {}

  grpc::Status Readings(grpc::ServerContext* context, const wire::ReadingsRequest* request,
                        wire::ReadingsReply* reply) override;
  grpc::Status PastReadings(grpc::ServerContext* context, const wire::PastReadingsRequest* request,
                            wire::PastReadingsReply* reply) override;
  grpc::Status Alerts(grpc::ServerContext* context, const wire::AlertsRequest* request,
                      wire::AlertsReply* reply) override;
  grpc::Status Rules(grpc::ServerContext* context, const wire::RulesRequest* request, wire::RulesReply* reply) override;

 private:
  Monitor& monitor_;
};

}  // namespace ecumene::engine::daemon
