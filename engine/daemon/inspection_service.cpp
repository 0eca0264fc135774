// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/inspection_service.h"

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>

#include "engine/daemon/artifacts.h"
#include "engine/protocol/errors.h"
#include "engine/protocol/version.h"

namespace ecumene::engine::daemon {
namespace {

using data::store::DatasetEntry;
using data::store::ElementType;
using protocol::answer;
using protocol::utf8;

const char* wordOf(ElementType type) {
  switch (type) {
    case ElementType::kText:
      return "text";
    case ElementType::kInt16:
      return "int16";
    case ElementType::kInt32:
      return "int32";
    case ElementType::kFloat32:
      return "float32";
    case ElementType::kFloat64:
      return "float64";
  }
  return "";
}

void fill(wire::ArtifactDataset& out, const DatasetEntry& entry) {
  out.set_name(utf8(entry.path));
  out.set_type(wordOf(entry.type));
  for (const std::size_t length : entry.shape) out.add_shape(length);
}

}  // namespace

grpc::Status InspectionService::Ask(grpc::ServerContext* context, const wire::QuestionRequest* request,
                                    grpc::ServerWriter<wire::Answer>* writer) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    ModelQuestion question{request->run(), request->question(), request->store()};
    if (request->seconds() != 0.0) question.seconds = request->seconds();
    wire::Answer piece;
    const std::string said = inspectors_.ask(question, [&](const std::string& waitsFor) {
      if (waitsFor.empty()) return place.goesOn();
      piece.set_waits_for(utf8(waitsFor));
      return writer->Write(piece) && place.goesOn();
    });
    piece.Clear();
    piece.set_total_bytes(said.size());
    std::string_view rest(said);
    do {
      const std::string_view now = rest.substr(0, protocol::kChunkBytes);
      piece.set_data(now.data(), now.size());
      if (!writer->Write(piece)) return;
      rest.remove_prefix(now.size());
      piece.Clear();
    } while (!rest.empty());
  });
}

grpc::Status InspectionService::Artifact(grpc::ServerContext* context, const wire::ArtifactRequest* request,
                                         grpc::ServerWriter<wire::ArtifactReply>* writer) {
  return answer([&] {
    static_assert(std::endian::native == std::endian::little);
    const LongCalls::Place place(longCalls_, *context);
    const auto artifact =
        readArtifact(registry_.open(request->run())->artifacts(),
                     {request->file(), request->dataset(), request->id(), request->first_row(), request->rows()});
    wire::ArtifactReply reply;
    for (const DatasetEntry& entry : artifact.listing.datasets) fill(*reply.add_datasets(), entry);
    for (const data::store::Attribute& attribute : artifact.listing.attributes) {
      if (const auto* step = std::get_if<double>(&attribute.value); step != nullptr && attribute.name == "step") {
        reply.set_step(static_cast<std::int64_t>(*step));
      }
      if (const auto* text = std::get_if<std::string>(&attribute.value);
          text != nullptr && attribute.name == "manifest") {
        reply.set_manifest(utf8(*text));
      }
    }
    if (!artifact.dataset.path.empty()) fill(*reply.mutable_dataset(), artifact.dataset);
    reply.mutable_row()->Assign(artifact.rows.begin(), artifact.rows.end());
    std::string_view rest(reinterpret_cast<const char*>(artifact.values.data()), artifact.values.size());
    do {
      const std::string_view now = rest.substr(0, protocol::kChunkBytes);
      reply.set_values(now.data(), now.size());
      if (!writer->Write(reply)) return;
      rest.remove_prefix(now.size());
      reply.Clear();
    } while (!rest.empty());
  });
}

}  // namespace ecumene::engine::daemon
