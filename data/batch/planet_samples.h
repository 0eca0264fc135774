// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/loader/loader.h"
#include "data/planet/planet.h"

namespace ecumene::data::batch {

/// Samples of any planet as Store::get() gives it, with or without a climate: what a prediction asks. One for each
/// archetype, id "<planet>/<archetype>": its first network variant, the transmission spectrum that covers
/// most bins of the model's grid with errors, and the first text that goes with the variant. A planet without archetype
/// metabolisms is asked about those that the generator draws for it; their networks are of the test split, so no model
/// has trained on them, and have no verdict.
std::vector<loader::Sample> samplesOf(const planet::Planet& planet);

}  // namespace ecumene::data::batch
