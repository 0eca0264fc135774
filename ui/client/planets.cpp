// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/planets.h"

#include <algorithm>
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

SharedPlanet PlanetCache::planetOf(Daemon& daemon, const std::string& store, const std::string& id) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(kept_, [&](const Kept& k) { return k.store == store && k.id == id; });
    if (found != kept_.end()) {
      kept_.splice(kept_.begin(), kept_, found);
      return found->planet;
    }
  }
  wire::PlanetRequest request;
  request.set_store(store);
  request.set_planet(id);
  std::string bytes;
  daemon.stream(&wire::Data::Stub::Planet, request, [&](const wire::Chunk& chunk) {
    bytes += chunk.data();
    return true;
  });
  auto planet = std::make_shared<const data::planet::Planet>(data::planet::decode(std::as_bytes(std::span(bytes))));
  const std::lock_guard lock(mutex_);
  kept_.push_front({store, id, planet, bytes.size()});
  std::size_t all = 0;
  const auto first = std::ranges::find_if(kept_, [&](const Kept& kept) { return (all += kept.bytes) > kMostBytes; });
  kept_.erase(first, kept_.end());
  return planet;
}

void askPlanet(Client& client, const QString& topic, QObject* receiver, const std::string& id,
               std::function<void(SharedPlanet)> done, std::function<void(const Error&)> failed) {
  client.ask(
      topic, receiver,
      [cache = client.planets(), store = client.store(), id](Daemon& daemon) {
        return cache->planetOf(daemon, store, id);
      },
      std::move(done), std::move(failed));
}

}  // namespace ecumene::ui::client
