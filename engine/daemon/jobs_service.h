// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ecumene.grpc.pb.h"
#include "engine/daemon/job_list.h"
#include "engine/daemon/long_calls.h"
#include "engine/transfer/uploads.h"

namespace ecumene::engine::daemon {

wire::Job toWire(const Job& job);

/// Jobs of ecumene.proto.
class JobsService final : public wire::Jobs::Service {
 public:
  JobsService(JobList& jobs, transfer::Uploads& uploads, LongCalls& longCalls)
      : jobs_(jobs), uploads_(uploads), longCalls_(longCalls) {}

  grpc::Status Generate(grpc::ServerContext* context, const wire::GenerateRequest* request, wire::Job* reply) override;
  grpc::Status Import(grpc::ServerContext* context, grpc::ServerReader<wire::ImportRequest>* reader,
                      wire::Job* reply) override;
  grpc::Status List(grpc::ServerContext* context, const wire::ListJobsRequest* request,
                    wire::ListJobsReply* reply) override;
  grpc::Status Show(grpc::ServerContext* context, const wire::JobRequest* request, wire::ShowJobReply* reply) override;
  grpc::Status Cancel(grpc::ServerContext* context, const wire::JobRequest* request, wire::Job* reply) override;
  grpc::Status BeginUpload(grpc::ServerContext* context, const wire::BeginUploadRequest* request,
                           wire::UploadReply* reply) override;
  grpc::Status Upload(grpc::ServerContext* context, grpc::ServerReader<wire::UploadChunk>* reader,
                      wire::UploadReply* reply) override;

 private:
  JobList& jobs_;
  transfer::Uploads& uploads_;
  LongCalls& longCalls_;
};

}  // namespace ecumene::engine::daemon
