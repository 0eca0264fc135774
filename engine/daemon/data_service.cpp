// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/data_service.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "data/base/error.h"
#include "data/planet/codec.h"
#include "engine/daemon/ids.h"
#include "engine/protocol/errors.h"
#include "engine/protocol/version.h"

namespace ecumene::engine::daemon {
namespace {

namespace planet = data::planet;
using protocol::answer;
using protocol::utf8;

constexpr int kPlanetsAtOnce = 2000;  ///< of about 200 bytes

/// The value of an enum by its word; none for an empty text. `last` is its last value.
template <class Enum>
std::optional<Enum> valueOf(const std::string& word, Enum last, const char* what) {
  if (word.empty()) return std::nullopt;
  std::string words;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto value = static_cast<Enum>(i);
    if (name(value) == word) return value;
    words += (words.empty() ? "" : ", ") + std::string(name(value));
  }
  throw Error(std::string("this is no ") + what, ErrorKind::kUsage).on(word.substr(0, 64)).expected(words);
}

data::store::Filter filterOf(const wire::PlanetsRequest& request) {
  data::store::Filter filter;
  filter.split = valueOf(request.split(), planet::Split::kParts, "split");
  filter.origin = valueOf(request.origin(), planet::Origin::kOther, "origin");
  filter.star = valueOf(request.star(), planet::StarType::kF, "type of star");
  filter.regime = valueOf(request.regime(), planet::Regime::kCaps, "regime");
  if (request.has_habitable()) filter.habitable = request.habitable();
  if (request.has_climate()) filter.hasClimate = request.climate();
  if (request.has_spectrum()) filter.hasSpectrum = request.spectrum();
  if (request.has_network()) filter.hasNetwork = request.network();
  if (!request.name_contains().empty()) filter.nameContains = request.name_contains();
  filter.leaveOutExcluded = request.leave_out_excluded();
  return filter;
}

void fill(wire::PlanetRow& out, const data::store::Row& row) {
  out.set_id(utf8(row.id));
  out.set_name(utf8(row.name));
  out.set_origin(std::string(name(row.origin)));
  out.set_split(std::string(name(row.split)));
  out.set_system(utf8(row.systemKey));
  if (row.star) out.set_star(std::string(name(*row.star)));
  if (row.start) out.set_start(std::string(name(*row.start)));
  if (row.labels) {
    out.set_regime(std::string(name(row.labels->regime)));
    out.set_habitable(row.labels->habitable);
    out.set_f_hab(row.labels->fHab);
    out.set_h050(row.labels->h050);
    out.set_t_mean_k(row.labels->tMeanK);
  }
  out.set_climate(row.hasClimate);
  out.set_spectra(static_cast<std::uint32_t>(row.spectra));
  out.set_metabolisms(static_cast<std::uint32_t>(row.metabolisms));
  out.set_networks(static_cast<std::uint32_t>(row.networks));
  out.set_texts(static_cast<std::uint32_t>(row.texts));
  out.set_failed_checks(static_cast<std::uint32_t>(row.failedChecks));
  out.set_excluded(row.excluded);
  out.set_payload_bytes(row.payloadBytes);
}

void requirePlanetId(const std::string& id) {
  if (id.size() > kLongestSampleId) throw Error("there is no such planet").on(id.substr(0, 64));
}

}  // namespace

grpc::Status DataService::Planets(grpc::ServerContext* context, const wire::PlanetsRequest* request,
                                  grpc::ServerWriter<wire::PlanetsReply>* writer) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    const auto rows = stores_.open(request->store())->list(filterOf(*request));
    wire::PlanetsReply reply;
    for (const data::store::Row& row : rows) {
      fill(*reply.add_planets(), row);
      if (reply.planets_size() < kPlanetsAtOnce) continue;
      if (!writer->Write(reply)) return;
      reply.Clear();
    }
    if (reply.planets_size() > 0) writer->Write(reply);
  });
}

grpc::Status DataService::Planet(grpc::ServerContext* context, const wire::PlanetRequest* request,
                                 grpc::ServerWriter<wire::Chunk>* writer) {
  return answer([&] {
    const LongCalls::Place place(longCalls_, *context);
    requirePlanetId(request->planet());
    const std::vector<std::byte> bytes = planet::encode(stores_.open(request->store())->get(request->planet()));
    std::span<const std::byte> rest(bytes);
    wire::Chunk chunk;
    chunk.set_total_bytes(bytes.size());
    do {
      const std::size_t size = std::min<std::size_t>(rest.size(), protocol::kChunkBytes);
      chunk.set_data(rest.data(), size);
      if (!writer->Write(chunk)) return;
      rest = rest.subspan(size);
      chunk.Clear();
    } while (!rest.empty());
  });
}

}  // namespace ecumene::engine::daemon
