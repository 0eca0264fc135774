// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "data/planet/planet.h"
#include "ui/client/client.h"

namespace ecumene::ui::client {

/// A question for Client::ask: it may wait, and throws Error.
std::vector<wire::PlanetRow> planetsOf(Daemon& daemon, const wire::PlanetsRequest& request);

using SharedPlanet = std::shared_ptr<const data::planet::Planet>;

/// The planets of one daemon that were fetched last, so that the views of a planet fetch it once. Any thread.
class PlanetCache {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{256} << 20U;  ///< of them all, as they are sent

  /// The one that is kept, else the daemon's. It may wait, and throws Error.
  SharedPlanet planetOf(Daemon& daemon, const std::string& store, const std::string& id);

 private:
  struct Kept {
    std::string store, id;
    SharedPlanet planet;
    std::size_t bytes = 0;
  };
  std::mutex mutex_;
  std::list<Kept> kept_;  ///< the one asked for last is the first
};

/// Asks a client for a planet of the store that it shows, as Client::ask does; by its cache.
void askPlanet(Client& client, const QString& topic, QObject* receiver, const std::string& id,
               std::function<void(SharedPlanet)> done, std::function<void(const Error&)> failed);

}  // namespace ecumene::ui::client
