// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// Tables of the NASA Exoplanet Archive as CSV (Planetary Systems and its Composite Parameters, whole or a choice of
/// columns), with or without the archive's '#' header. Gives one catalogue entry a planet.
Format nasaCsvFormat();

}  // namespace ecumene::data::formats
