// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/transfer_service.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "data/base/error.h"
#include "engine/daemon/ids.h"
#include "engine/protocol/errors.h"
#include "engine/protocol/version.h"
#include "engine/run/owner_lock.h"

namespace ecumene::engine::daemon {
namespace {

namespace fs = std::filesystem;
using protocol::answer;
using protocol::utf8;
using transfer::Kind;
using transfer::Snapshot;

constexpr int kFilesAtOnce = 1000;
constexpr std::uint64_t kToldBytes = 256 << 20;  ///< hashed between two messages
constexpr std::size_t kMostFiles = 2000000;      ///< that a client may push at once
constexpr std::size_t kLongestPart = 4096;

const transfer::File& fileOf(const Snapshot& copy, std::uint32_t file) {
  if (file < copy.files().size()) return copy.files()[file];
  throw Error("the copy has no such file", ErrorKind::kUsage).found(std::to_string(file));
}

}  // namespace

Snapshot TransferService::snapshotOf(const wire::CopyWhat& what) {
  const Kind kind = transfer::kindOf(what.kind());
  if (what.part().size() > kLongestPart) throw Error("there is no such thing").on(what.part().substr(0, 64));
  const fs::path staging = copies_.stagingFor();
  switch (kind) {
    case Kind::kRun:
      return Snapshot::ofRun(registry_.open(what.id())->folder(), Snapshot::Run::kWhole, staging);
    case Kind::kMirror:
      return Snapshot::ofRun(registry_.open(what.id())->folder(), Snapshot::Run::kMirror, staging);
    case Kind::kCheckpoint:
      return Snapshot::ofCheckpoint(registry_.open(what.id())->checkpoints(), what.part(), staging);
    case Kind::kStore:
      return Snapshot::ofStore(stores_.folderOf(what.id()), staging);
    case Kind::kPlanet:
      return Snapshot::ofPlanet(stores_.folderOf(what.id()), what.part(), staging);
  }
  throw internalError("a kind of copies is not known");
}

grpc::Status TransferService::BeginPull(grpc::ServerContext* context, const wire::BeginPullRequest* request,
                                        grpc::ServerWriter<wire::BeginPullReply>* writer) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    std::string id = request->copy();
    wire::BeginPullReply reply;
    if (!copies_.contains(id)) {
      Snapshot snapshot = snapshotOf(request->what());
      std::uint64_t told = 0;
      snapshot.hash(hashes_, [&](std::uint64_t done, std::uint64_t total) {
        if (done - told < kToldBytes) return place.goesOn();
        told = done;
        reply.set_hashed_bytes(done);
        reply.set_total_bytes(total);
        return place.goesOn() && writer->Write(reply);
      });
      id = copies_.keep(std::move(snapshot));
    }
    const auto copy = copies_.find(id);
    reply.Clear();
    reply.set_copy(id);
    for (const transfer::File& file : copy->files()) {
      wire::CopyFile& out = *reply.add_files();
      out.set_name(file.name);
      out.set_bytes(file.bytes);
      out.set_sha256(file.sha256);
      if (reply.files_size() < kFilesAtOnce) continue;
      if (!writer->Write(reply)) return;
      reply.Clear();
    }
    writer->Write(reply);
  });
}

grpc::Status TransferService::Pieces(grpc::ServerContext* context, const wire::PiecesRequest* request,
                                     grpc::ServerWriter<wire::Chunk>* writer) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    const auto copy = copies_.find(request->copy());
    const transfer::File& file = fileOf(*copy, request->file());
    if (request->offset() > file.bytes || request->bytes() > file.bytes - request->offset()) {
      throw Error("the file has not so many bytes", ErrorKind::kUsage)
          .on(file.name)
          .expected("at most " + std::to_string(file.bytes));
    }
    const transfer::PieceReader reader(copy->path(request->file()));
    const std::uint64_t end = request->bytes() == 0 ? file.bytes : request->offset() + request->bytes();
    wire::Chunk chunk;
    chunk.set_total_bytes(end - request->offset());
    for (std::uint64_t offset = request->offset(); offset < end && place.goesOn();) {
      chunk.set_data(reader.read(offset, std::min<std::uint64_t>(protocol::kChunkBytes, end - offset)));
      offset += chunk.data().size();
      if (!writer->Write(chunk)) return;
      chunk.Clear();
      (void)copies_.find(request->copy());  // It is in use for as long as its pieces take.
    }
  });
}

grpc::Status TransferService::Blocks(grpc::ServerContext* context, const wire::BlocksRequest* request,
                                     wire::BlocksReply* reply) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    const auto copy = copies_.find(request->copy());
    const transfer::File& file = fileOf(*copy, request->file());
    if (file.bytes / transfer::kBlockBytes * 32 > static_cast<std::uint64_t>(protocol::kMostMessageBytes) / 2) {
      throw Error("the file has too many blocks", ErrorKind::kUsage).on(file.name).next("ask for its pieces");
    }
    reply->set_block_bytes(transfer::kBlockBytes);
    reply->set_sha256(transfer::blockHashes(copy->path(request->file()), file.bytes));
  });
}

grpc::Status TransferService::EndPull(grpc::ServerContext*, const wire::EndPullRequest* request, wire::EndPullReply*) {
  return answer([&] { copies_.end(request->copy()); });
}

/// Where a push goes. Throws Error where it cannot.
fs::path TransferService::targetOf(const wire::CopyWhat& what) {
  switch (transfer::kindOf(what.kind())) {
    case Kind::kRun:
      return registry_.pathOf(what.id());
    case Kind::kCheckpoint: {
      const fs::path run = registry_.open(what.id())->folder();
      const std::string& step = what.part();
      if (!transfer::isCheckpointName(step)) {
        throw Error("this is no checkpoint's name", ErrorKind::kUsage)
            .on(step.substr(0, 64))
            .expected("step-0000001234");
      }
      if (run::OwnerLock::owner(run)) {
        throw Error("a process trains the run, so it takes no checkpoint from elsewhere").on(what.id());
      }
      return run / "checkpoints" / step;
    }
    case Kind::kStore:
    case Kind::kPlanet:
      return stores_.folderOf(what.id());
    case Kind::kMirror:
      break;
  }
  throw Error("a mirror is made by the machine that it is on", ErrorKind::kUsage).next("push a run");
}

TransferService::Placing::Placing(TransferService& service, fs::path target)
    : service_(service), target_(std::move(target)) {
  const std::lock_guard lock(service_.mutex_);
  if (service_.placing_.insert(target_).second) return;
  throw Error("another push is being put there, and nothing is overwritten")
      .on(target_.filename().string())
      .next("push to another name, or repeat it where that one fails");
}

TransferService::Placing::~Placing() {
  const std::lock_guard lock(service_.mutex_);
  service_.placing_.erase(target_);
}

grpc::Status TransferService::BeginPush(grpc::ServerContext*, const wire::BeginPushRequest* request,
                                        wire::BeginPushReply*) {
  return answer([&] {
    const fs::path target = targetOf(request->what());
    transfer::requireFree(transfer::kindOf(request->what().kind()), target);
    transfer::Uploads::requireRoom(registry_.folder(), request->bytes(), "what is pushed");
  });
}

grpc::Status TransferService::FinishPush(grpc::ServerContext* context,
                                         grpc::ServerReader<wire::FinishPushRequest>* reader,
                                         wire::FinishPushReply* reply) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    wire::CopyWhat what;
    transfer::Came came;
    for (wire::FinishPushRequest request; place.goesOn() && reader->Read(&request);) {
      if (request.has_what()) {
        what = request.what();
        came.host = request.host();
        came.id = request.id();
      }
      for (const wire::CopyFile& file : request.files())
        came.files.push_back({file.name(), file.bytes(), file.sha256()});
      if (came.files.size() > kMostFiles) throw Error("the copy has too many files", ErrorKind::kUsage);
    }
    came.kind = transfer::kindOf(what.kind());
    const fs::path target = targetOf(what);
    // A store takes several planets at once.
    std::optional<Placing> placing;
    if (came.kind != Kind::kPlanet) placing.emplace(*this, target);
    std::error_code problem;
    fs::create_directories(target.parent_path(), problem);
    if (problem) throw systemError("cannot make the folder", target.parent_path().string(), problem.value());
    std::set<std::string> contents;
    for (const transfer::File& file : came.files) contents.insert(file.sha256);
    // Another push of the same contents may end meanwhile.
    for (const std::string& content : contents) uploads_.hold(content);
    try {
      reply->set_duplicate(transfer::place(came, uploads_, target));
    } catch (...) {
      for (const std::string& content : contents) uploads_.letGo(content);
      throw;
    }
    for (const std::string& content : contents) uploads_.release(content);
  });
}

}  // namespace ecumene::engine::daemon
