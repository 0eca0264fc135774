// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/jobs_service.h"

#include <optional>

#include "data/base/error.h"
#include "engine/protocol/errors.h"
#include "engine/protocol/version.h"

namespace ecumene::engine::daemon {
namespace {

using protocol::answer;
using protocol::utf8;

void fill(wire::UploadReply& out, const transfer::Uploads::Progress& progress) {
  out.set_upload(progress.id);
  out.set_bytes(progress.bytes);
}

}  // namespace

wire::Job toWire(const Job& job) {
  wire::Job out;
  out.set_id(job.id);
  out.set_kind(job.kind);
  out.set_store(job.store);
  out.set_state(job.state);
  out.set_reason(utf8(job.reason));
  out.set_time(job.time);
  out.set_done(job.done);
  out.set_total(job.total);
  out.set_what(utf8(job.what));
  return out;
}

grpc::Status JobsService::Generate(grpc::ServerContext*, const wire::GenerateRequest* request, wire::Job* reply) {
  return answer([&] {
    *reply = toWire(jobs_.generate(request->store(), request->planets(), request->seed(), request->epochs()));
  });
}

grpc::Status JobsService::Import(grpc::ServerContext* context, grpc::ServerReader<wire::ImportRequest>* reader,
                                 wire::Job* reply) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    wire::ImportRequest first, more;
    std::vector<ImportFile> files;
    for (bool begins = true; place.goesOn() && reader->Read(begins ? &first : &more); begins = false) {
      for (const wire::ImportFile& file : (begins ? first : more).files())
        files.push_back({file.upload(), file.path(), file.beside()});
      if (files.size() > JobList::kMostFiles) throw Error("the import has too many files", ErrorKind::kUsage);
    }
    // Who is gone before all of it was said wants no part of it.
    if (files.size() != first.file_count()) {
      throw Error("the list of files was cut", ErrorKind::kUsage)
          .expected(std::to_string(first.file_count()))
          .found(std::to_string(files.size()));
    }
    *reply = toWire(jobs_.import(first.store(), files, {first.settings().begin(), first.settings().end()}));
  });
}

grpc::Status JobsService::List(grpc::ServerContext*, const wire::ListJobsRequest* request, wire::ListJobsReply* reply) {
  return answer([&] {
    if (static_cast<std::size_t>(request->also_size()) > JobList::kMostShown) {
      throw Error("these are too many jobs at once", ErrorKind::kUsage)
          .expected("at most " + std::to_string(JobList::kMostShown));
    }
    const std::vector<std::int64_t> also(request->also().begin(), request->also().end());
    for (const Job& job : jobs_.list(request->after(), also)) *reply->add_jobs() = toWire(job);
  });
}

grpc::Status JobsService::Show(grpc::ServerContext*, const wire::JobRequest* request, wire::ShowJobReply* reply) {
  return answer([&] {
    *reply->mutable_job() = toWire(jobs_.find(request->job()));
    const JobResult result = jobs_.result(request->job());
    reply->set_result(result.json);
    reply->set_left_out(result.leftOut);
  });
}

grpc::Status JobsService::Cancel(grpc::ServerContext*, const wire::JobRequest* request, wire::Job* reply) {
  return answer([&] { *reply = toWire(jobs_.cancel(request->job())); });
}

grpc::Status JobsService::BeginUpload(grpc::ServerContext*, const wire::BeginUploadRequest* request,
                                      wire::UploadReply* reply) {
  return answer([&] { fill(*reply, uploads_.begin(request->name(), request->bytes(), request->sha256())); });
}

grpc::Status JobsService::Upload(grpc::ServerContext* context, grpc::ServerReader<wire::UploadChunk>* reader,
                                 wire::UploadReply* reply) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    std::optional<transfer::Uploads::Sending> sending;
    std::string id;
    for (wire::UploadChunk chunk; place.goesOn() && reader->Read(&chunk);) {
      if (!sending) {
        id = chunk.upload();
        sending.emplace(uploads_, id);
      }
      if (chunk.upload() != id || chunk.data().size() > static_cast<std::size_t>(protocol::kChunkBytes)) {
        throw Error("this piece is none of the upload's", ErrorKind::kUsage).expected("one upload, 1 MiB a piece");
      }
      sending->append(chunk.offset(), chunk.data());
    }
    if (!sending) throw Error("nothing was sent", ErrorKind::kUsage);
    fill(*reply, sending->end([&] { return place.goesOn(); }));
  });
}

}  // namespace ecumene::engine::daemon
