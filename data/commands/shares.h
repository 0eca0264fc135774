// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "data/commands/json.h"
#include "data/store/rows.h"

namespace ecumene::data::commands {

/// Shares of the generated planets that dataset.md asks for, as fractions: stars by type, synchronous, regimes, and
/// the share of each archetype's samples that are viable on the
/// planets where it could be (habitable ones). Empty object without generated
/// planets.
Json sharesOf(std::span<const store::Row> rows);

/// How many planets have each flag of the climate solver, by its name in fields.h. Empty object where no planet has
/// flags.
Json flagCountsOf(std::span<const store::Row> rows);

}  // namespace ecumene::data::commands
