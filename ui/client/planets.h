// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "data/planet/planet.h"
#include "ui/client/client.h"

/// Questions about planets, for Client::ask: they may wait, and throw Error.
namespace ecumene::ui::client {

std::vector<wire::PlanetRow> planetsOf(Daemon& daemon, const wire::PlanetsRequest& request);
data::planet::Planet planetOf(Daemon& daemon, const std::string& store, const std::string& id);

}  // namespace ecumene::ui::client
