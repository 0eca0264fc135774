// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "data/formats/catalogue/catalogue_rows.h"

namespace ecumene::data::formats {

/// Whether the Open Exoplanet Catalogue lists the planet as retracted, which is then counted; those that it lists as
/// controversial are taken, and counted too. `lists` as the catalogue has them, joined by commas.
bool isLeftOut(CatalogueRows& rows, const std::string& lists, const std::string& planet);

}  // namespace ecumene::data::formats
