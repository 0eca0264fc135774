// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// Spectra as text: CSV, ECSV 1.0 and columns separated by blanks. One file gives one planet with a spectrum for each
/// instrument and order in it. Units come from the header or from `--set`; a unit that nothing states is settled only
/// if just one is plausible, and reported.
Format spectrumTableFormat();

}  // namespace ecumene::data::formats
