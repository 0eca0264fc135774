// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ecumene.grpc.pb.h"
#include "engine/daemon/copies.h"
#include "engine/daemon/long_calls.h"
#include "engine/daemon/registry.h"
#include "engine/daemon/stores.h"
#include "engine/transfer/placing.h"
#include "engine/transfer/uploads.h"

namespace ecumene::engine::daemon {

/// Transfer of ecumene.proto.
class TransferService final : public wire::Transfer::Service {
 public:
  /// `copies`: a folder of the daemon's own, on the file system of the runs.
  TransferService(Registry& registry, const Stores& stores, transfer::Uploads& uploads,
                  const std::filesystem::path& copies, LongCalls& longCalls)
      : registry_(registry), stores_(stores), uploads_(uploads), copies_(copies), longCalls_(longCalls) {}

  grpc::Status BeginPull(grpc::ServerContext* context, const wire::BeginPullRequest* request,
                         grpc::ServerWriter<wire::BeginPullReply>* writer) override;
  grpc::Status Pieces(grpc::ServerContext* context, const wire::PiecesRequest* request,
                      grpc::ServerWriter<wire::Chunk>* writer) override;
  grpc::Status Blocks(grpc::ServerContext* context, const wire::BlocksRequest* request,
                      wire::BlocksReply* reply) override;
  grpc::Status EndPull(grpc::ServerContext* context, const wire::EndPullRequest* request,
                       wire::EndPullReply* reply) override;
  grpc::Status BeginPush(grpc::ServerContext* context, const wire::BeginPushRequest* request,
                         wire::BeginPushReply* reply) override;
  grpc::Status FinishPush(grpc::ServerContext* context, grpc::ServerReader<wire::FinishPushRequest>* reader,
                          wire::FinishPushReply* reply) override;

 private:
  transfer::Snapshot snapshotOf(const wire::CopyWhat& what);
  std::filesystem::path targetOf(const wire::CopyWhat& what);

  Registry& registry_;
  const Stores& stores_;
  transfer::Uploads& uploads_;
  Copies copies_;
  LongCalls& longCalls_;
  transfer::HashCache hashes_;
};

}  // namespace ecumene::engine::daemon
