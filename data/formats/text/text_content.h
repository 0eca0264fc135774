// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "data/planet/planet.h"

namespace ecumene::data::formats {

/// The text with line breaks and runs of blanks as one blank, and none at its ends.
std::string plainBlanks(const std::string& text);

/// Throws Error if a text holds control characters, which a terminal would obey. `what` is "title", `place` "line 3".
void requirePrintable(const std::string& text, const std::string& what, const std::string& place);

/// Adds the planets of numbered catalogues that title or body names to the keywords, by which texts join planets.
void nameMentionedPlanets(planet::Text& text);

}  // namespace ecumene::data::formats
