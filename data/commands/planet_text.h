// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/planet/planet.h"
#include "data/store/rows.h"

namespace ecumene::data::commands {

/// Prints a planet as `show` gives it to people. `summaries` are those of its climate.
void printPlanet(const planet::Planet& planet, const std::vector<store::VariableSummary>& summaries);

/// Parts of it: a table of measured observables with errors, limits and units, and one of texts; nothing if empty.
void printScalars(const planet::Scalars& scalars);
void printTexts(const std::vector<planet::Text>& texts);

}  // namespace ecumene::data::commands
