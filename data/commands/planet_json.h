// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/commands/json.h"
#include "data/store/rows.h"

namespace ecumene::data::commands {

/// A planet as `show --json` gives it: all but the numbers of its arrays. `summaries` are those of its climate.
Json planetToJson(const planet::Planet& planet, const std::vector<store::VariableSummary>& summaries);

/// A text with its title, body, source and licence.
Json textToJson(const planet::Text& text);

/// Kind, instrument, range, median value and median 1-sigma error (null where the file states none); both in ppm if
/// they are transit depths.
Json spectrumToJson(const planet::Spectrum& spectrum);

/// The hidden truth by the names of fields.h, mixing ratios by gas; null where there is none, and each member that is
/// not known of an imported planet (data/planet/stated.h).
Json truthToJson(const planet::Planet& planet);

/// Place among the habitable-zone limits of Kopparapu et al. (2014), fluxes in units of Earth's, by the observed
/// stellar flux and temperature or else the truth's ("by" says which). Null where one is unknown or only a limit, or
/// the star is outside 2600 to 7200 K.
Json habitableZoneToJson(const planet::Planet& planet);

}  // namespace ecumene::data::commands
