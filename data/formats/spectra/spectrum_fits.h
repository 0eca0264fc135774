// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "data/formats/common/format.h"
#include "data/formats/spectra/spectrum_source.h"

namespace ecumene::data::formats {

/// Spectra as tables of FITS files, plain or gzip: ASCII and binary tables with a number in each cell, or one row (or
/// the row of `--set row=`) whose cells are lists. The table is the one with wavelengths, or that of `--set hdu=`.
Format spectrumFitsFormat();

/// The source that the chosen table of a FITS file is. Throws Error where none or several tables may be meant.
SpectrumSource fitsSource(std::string bytes, const ImportOptions& options);

}  // namespace ecumene::data::formats
