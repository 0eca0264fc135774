// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/base/units.h"

namespace ecumene::data::formats {

/// The unit that people write so in headers ("Microns", "UM", "Å", "pct"), by a name that findUnit knows; none if it is
/// no unit.
std::optional<std::string> unitCalled(std::string_view text);

/// The unit at the end of a column's name, of the given dimension: "um" of "wavelength_um", "ppm" of "depthPPM". Units
/// of one letter do not count: "wave_m" may be anything. None if there is none.
std::optional<std::string> unitInName(std::string_view name, Dimension dimension);

}  // namespace ecumene::data::formats
