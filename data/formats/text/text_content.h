// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/planet/planet.h"

namespace ecumene::data::formats {

/// Adds the planets of numbered catalogues that title or body names to the keywords, by which texts join planets.
void nameMentionedPlanets(planet::Text& text);

}  // namespace ecumene::data::formats
