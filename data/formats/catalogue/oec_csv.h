// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// The Open Exoplanet Catalogue as one CSV table, a planet a row (github.com/OpenExoplanetCatalogue/oec_tables), with
/// units as its field list defines them: Jupiter masses and radii, days, astronomical units, suns, kelvin. It has one
/// name a planet, no errors and no limits. Errors name the line.
Format oecCsvFormat();

}  // namespace ecumene::data::formats
