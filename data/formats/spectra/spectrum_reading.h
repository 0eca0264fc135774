// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "data/formats/common/format.h"
#include "data/formats/spectra/spectrum_source.h"

namespace ecumene::data::formats {

/// Largest file of spectra that is read, as it is or inflated.
inline constexpr std::size_t kLargestSpectrumFile = std::size_t{256} << 20U;

/// Options of every format that gives spectra.
std::vector<OptionInfo> spectrumOptions();

/// The planet that a table of spectra gives, with a spectrum for each instrument and order in it: columns, kind, units
/// and bins settled from its header and the options. `path` names the planet and instrument where nothing else does.
planet::Import readSpectra(SpectrumSource source, const std::filesystem::path& path, const ImportOptions& options);

}  // namespace ecumene::data::formats
