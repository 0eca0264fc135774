// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/planet/planet.h"
#include "data/store/store.h"

namespace ecumene::data::commands {

/// Results of the quality checks of a planet as the store gives it, held against what the store's catalogues say of it.
std::vector<planet::QualityCheck> marksOf(const store::Store& store, const planet::Planet& planet);

/// Gives the planet these marks; true if they exclude it from training. As store::Store::Judge.
bool mark(const store::Store& store, planet::Planet& planet);

}  // namespace ecumene::data::commands
