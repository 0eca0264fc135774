// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "data/planet/planet.h"

namespace ecumene::data::physics::generator {

/// Without hint statements for the tests of what else a text tells.
enum class HintStatements { kSaid, kLeftOut };

/// Texts about a generated planet: kTextsPerCase about each of its metabolisms, all naming the same discovery, star and
/// instruments (those of all its spectra, so that a text goes with any of them). Planets of one `system` share what is
/// known of their star. Sees name, scalars, instruments, growth windows, star and, for the hint statements, redox
/// scenario and ocean. Discovery and survey are invented: throws an internal Error for a planet that is not generated.
std::vector<planet::Text> describe(const planet::Planet& planet, const planet::PlanetTruth& truth, std::uint64_t seed,
                                   std::uint64_t index, std::uint64_t system,
                                   HintStatements hints = HintStatements::kSaid);

}  // namespace ecumene::data::physics::generator
