// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <mutex>
#include <set>

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
  /// The right to put a push at a target, while it lives. Throws Error where another push has it.
  class Placing {
   public:
    Placing(TransferService& service, std::filesystem::path target);
    ~Placing();
    Placing(const Placing&) = delete;
    Placing& operator=(const Placing&) = delete;

   private:
    TransferService& service_;
    const std::filesystem::path target_;
  };

  Registry& registry_;
  const Stores& stores_;
  transfer::Uploads& uploads_;
  Copies copies_;
  LongCalls& longCalls_;
  transfer::HashCache hashes_;
  std::mutex mutex_;  ///< of those below
  std::set<std::filesystem::path> placing_;
};

}  // namespace ecumene::engine::daemon
