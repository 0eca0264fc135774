// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// NetCDF files of any climate model on latitudes and longitudes, by the CF conventions (cfconventions.org, 1.8) and
/// the short names of CMIP, ERA5, CAM, ROCKE-3D, LMD generic and ExoPlaSim: onto T21 conservatively, onto the ten sigma
/// levels linearly in ln p, into twelve months. What the file lacks or does not reach is absent. A planet.json beside
/// it (exoplasim_sidecar.h) states the planet. Reads step by step: memory does not grow with the number of steps.
Format cfNetcdfFormat();

}  // namespace ecumene::data::formats
