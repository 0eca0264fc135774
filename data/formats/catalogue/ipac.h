// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// Tables of the NASA Exoplanet Archive in IPAC's format (irsa.ipac.caltech.edu, "DDGEN_TABLE"): keywords and
/// descriptions behind a backslash, lines of bars that name the columns, their types, units and what stands for null,
/// then rows whose values stand between the bars' places. Gives the rows of a catalogue. Errors name line and column.
Format ipacFormat();

}  // namespace ecumene::data::formats
