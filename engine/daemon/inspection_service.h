// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ecumene.grpc.pb.h"
#include "engine/daemon/inspectors.h"
#include "engine/daemon/long_calls.h"
#include "engine/daemon/registry.h"

namespace ecumene::engine::daemon {

/// Inspection of ecumene.proto.
class InspectionService final : public wire::Inspection::Service {
 public:
  InspectionService(Inspectors& inspectors, Registry& registry, LongCalls& longCalls)
      : inspectors_(inspectors), registry_(registry), longCalls_(longCalls) {}

  grpc::Status Ask(grpc::ServerContext* context, const wire::QuestionRequest* request,
                   grpc::ServerWriter<wire::Answer>* writer) override;
  grpc::Status Artifact(grpc::ServerContext* context, const wire::ArtifactRequest* request,
                        grpc::ServerWriter<wire::ArtifactReply>* writer) override;

 private:
  Inspectors& inspectors_;
  Registry& registry_;
  LongCalls& longCalls_;
};

}  // namespace ecumene::engine::daemon
