// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/planet/planet.h"
#include "data/store/rows.h"

namespace ecumene::data::commands {

/// Prints a planet as `show` gives it to people. `summaries` are those of its climate.
void printPlanet(const planet::Planet& planet, const std::vector<store::VariableSummary>& summaries);

}  // namespace ecumene::data::commands
