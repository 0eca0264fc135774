// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ecumene.grpc.pb.h"
#include "engine/daemon/history.h"
#include "engine/daemon/long_calls.h"
#include "engine/daemon/registry.h"

namespace ecumene::engine::daemon {

/// Metrics of ecumene.proto.
class MetricsService final : public wire::Metrics::Service {
 public:
  MetricsService(Registry& registry, LongCalls& longCalls) : registry_(registry), longCalls_(longCalls) {}

  grpc::Status Follow(grpc::ServerContext* context, const wire::FollowRequest* request,
                      grpc::ServerWriter<wire::News>* writer) override;
  grpc::Status History(grpc::ServerContext* context, const wire::HistoryRequest* request,
                       grpc::ServerWriter<wire::HistoryReply>* writer) override;

 private:
  Registry& registry_;
  LongCalls& longCalls_;
  Histories histories_;
};

}  // namespace ecumene::engine::daemon
