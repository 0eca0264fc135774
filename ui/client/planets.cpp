// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/planets.h"

#include <span>

#include "data/planet/codec.h"

namespace ecumene::ui::client {

std::vector<wire::PlanetRow> planetsOf(Daemon& daemon, const wire::PlanetsRequest& request) {
  std::vector<wire::PlanetRow> rows;
  daemon.stream(&wire::Data::Stub::Planets, request, [&](const wire::PlanetsReply& reply) {
    rows.insert(rows.end(), reply.planets().begin(), reply.planets().end());
    return true;
  });
  return rows;
}

data::planet::Planet planetOf(Daemon& daemon, const std::string& store, const std::string& id) {
  wire::PlanetRequest request;
  request.set_store(store);
  request.set_planet(id);
  std::string bytes;
  daemon.stream(&wire::Data::Stub::Planet, request, [&](const wire::Chunk& chunk) {
    bytes += chunk.data();
    return true;
  });
  return data::planet::decode(std::as_bytes(std::span(bytes)));
}

}  // namespace ecumene::ui::client
