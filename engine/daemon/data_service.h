// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ecumene.grpc.pb.h"
#include "engine/daemon/long_calls.h"
#include "engine/daemon/stores.h"

namespace ecumene::engine::daemon {

/// Data of ecumene.proto.
class DataService final : public wire::Data::Service {
 public:
  DataService(Stores& stores, LongCalls& longCalls) : stores_(stores), longCalls_(longCalls) {}

  grpc::Status Planets(grpc::ServerContext* context, const wire::PlanetsRequest* request,
                       grpc::ServerWriter<wire::PlanetsReply>* writer) override;
  grpc::Status Planet(grpc::ServerContext* context, const wire::PlanetRequest* request,
                      grpc::ServerWriter<wire::Chunk>* writer) override;

 private:
  Stores& stores_;
  LongCalls& longCalls_;
};

}  // namespace ecumene::engine::daemon
