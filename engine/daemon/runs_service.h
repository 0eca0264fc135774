// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ecumene.grpc.pb.h"
#include "engine/daemon/long_calls.h"
#include "engine/daemon/plans.h"
#include "engine/daemon/registry.h"
#include "engine/daemon/supervisor.h"

namespace ecumene::engine::daemon {

/// Runs of ecumene.proto.
class RunsService final : public wire::Runs::Service {
 public:
  RunsService(Registry& registry, Supervisor& supervisor, Plans& plans, LongCalls& longCalls)
      : registry_(registry), supervisor_(supervisor), plans_(plans), longCalls_(longCalls) {}

  grpc::Status List(grpc::ServerContext* context, const wire::ListRunsRequest* request,
                    wire::ListRunsReply* reply) override;
  grpc::Status Show(grpc::ServerContext* context, const wire::ShowRunRequest* request,
                    wire::ShowRunReply* reply) override;
  grpc::Status Launch(grpc::ServerContext* context, const wire::LaunchRequest* request,
                      wire::LaunchReply* reply) override;
  grpc::Status Ask(grpc::ServerContext* context, const wire::AskRequest* request, wire::AskReply* reply) override;
  grpc::Status Options(grpc::ServerContext* context, const wire::OptionsRequest* request,
                       wire::OptionsReply* reply) override;
  grpc::Status Compare(grpc::ServerContext* context, const wire::CompareRequest* request,
                       wire::CompareReply* reply) override;
  grpc::Status Plan(grpc::ServerContext* context, const wire::PlanRequest* request, wire::PlanReply* reply) override;
  grpc::Status Measure(grpc::ServerContext* context, const wire::PlanRequest* request, wire::Job* reply) override;
  grpc::Status Places(grpc::ServerContext* context, const wire::PlacesRequest* request,
                      wire::PlacesReply* reply) override;

 private:
  wire::Command ask(const wire::AskRequest& request, const LongCalls::Place& place);

  Registry& registry_;
  Supervisor& supervisor_;
  Plans& plans_;
  LongCalls& longCalls_;
};

}  // namespace ecumene::engine::daemon
