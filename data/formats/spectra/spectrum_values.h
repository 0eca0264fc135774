// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "data/formats/spectra/spectrum_bins.h"
#include "data/formats/spectra/spectrum_columns.h"

namespace ecumene::data::formats {

/// What a reading of one table knows while it goes on.
struct SpectrumReading {
  const ImportOptions& options;
  SpectrumSource source;
  SpectrumColumns columns{};
  planet::SpectrumKind kind = planet::SpectrumKind::kTransmission;
  std::string conversions{};

  /// Keeps what is to be said to the user, where it is not empty.
  void assume(const std::string& text);
  /// Keeps what was done to the numbers.
  void convert(const std::string& text);
};

/// The wavelength columns in one unit, in which bins are settled.
struct AxisColumns {
  BinColumns bins;
  std::string unit;
};
/// Leaves out the rows outside `--set wavelengths=FROM..TO`, settles the unit and reads centres, edges and widths.
AxisColumns readAxis(SpectrumReading& reading);

/// Values and uncertainties of all rows: fractions, or fluxes in W m-2 um-1 or relative. Ratios of radii are squared.
struct SpectrumValues {
  std::vector<double> value, sigmaLower, sigmaUpper;  ///< without uncertainties the last two are empty
};
/// `centreUm` are the wavelengths of the rows, which fluxes per frequency need.
SpectrumValues readValues(SpectrumReading& reading, const std::vector<double>& centreUm);

}  // namespace ecumene::data::formats
