// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// NetCDF files of the general circulation model ExoPlaSim (Paradise et al. 2022, MNRAS 511, 3272) at T21 with 10
/// levels and 12 means, planet.json beside them. The cube comes out canonical: latitudes from the south, levels last,
/// SI, flux signs as named, substellar longitude of synchronous planets at 180 E.
Format exoplasimFormat();

}  // namespace ecumene::data::formats
