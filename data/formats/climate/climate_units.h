// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "data/base/units.h"

namespace ecumene::data::formats {

/// The unit that a climate file writes so: any name that findUnit knows, else a product of units in the grammar of
/// UDUNITS-2 ("m.s-1", "m s^-1", "m*s**-1", "meters per second", "1e-3 kg/kg", "N m-2"), with SI prefixes, long names
/// in any case and number, and symbols in another case where that leaves one unit ("HPA"). Temperatures of every
/// spelling of degC, degF and K. None if it is none of these, or measures what no Dimension does.
std::optional<Unit> findClimateUnit(std::string_view text);

/// Names of units of this dimension, for messages: "m s-1, km/h or knots".
std::string_view unitExamples(Dimension dimension);

}  // namespace ecumene::data::formats
