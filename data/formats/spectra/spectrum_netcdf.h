// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// Spectra in NetCDF files: a variable of wavelengths along one dimension, and others along it. What lies along other
/// dimensions, such as the profiles of a model's atmosphere, is left out and named.
Format spectrumNetcdfFormat();

}  // namespace ecumene::data::formats
