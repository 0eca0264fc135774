// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/base/units.h"
#include "data/formats/common/format.h"
#include "data/formats/spectra/spectrum_source.h"
#include "data/planet/spectrum.h"

namespace ecumene::data::formats {

enum class WidthMeaning { kHalf, kFull, kUnstated };

/// Which column of a table is what, as names and options tell. Indices into SpectrumSource::columns. "Wavelength" means
/// wavenumbers or frequencies where `axis` says so.
struct SpectrumColumns {
  Dimension axis = Dimension::kLength;  ///< or kWavenumber, kFrequency: what the names say the wavelengths are given as
  std::optional<std::size_t> wavelength;
  std::vector<std::size_t> wavelengths;  ///< all that may be it by their names
  std::optional<std::size_t> lowerEdge, upperEdge;
  std::optional<std::size_t> width;  ///< one width for both sides
  WidthMeaning widthMeaning = WidthMeaning::kUnstated;
  std::optional<std::size_t> lowerHalfWidth, upperHalfWidth;
  std::optional<std::size_t> value;
  bool isRadiusRatio = false;                ///< the value is Rp/Rs: the depth is its square
  std::optional<planet::SpectrumKind> kind;  ///< as the value's name says
  bool isFlux = false;                       ///< the value's name says flux, but not whose
  std::optional<std::string> impliedUnit;    ///< unit inside the value's name ("dppm")
  std::optional<std::size_t> error, lowerError, upperError;
  std::optional<std::size_t> instrument, order, quality, ignore;
};

/// True if a column holds wavelengths, wavenumbers or frequencies by its name.
bool isWavelengthName(const std::string& name);
/// True if a column holds a depth, flux or albedo by its name.
bool isValueName(const std::string& name);
/// True if a column holds times by its name ("BJD - 2454833").
bool isTimeName(const std::string& name);

/// Settles the columns from the header and `--set columns.*`. Throws Error naming the option where the header leaves a
/// choice, or where there is no header and the options do not say enough.
SpectrumColumns spectrumColumns(const SpectrumSource& table, const ImportOptions& options);

}  // namespace ecumene::data::formats
