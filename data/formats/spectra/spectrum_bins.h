// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "data/formats/spectra/spectrum_columns.h"
#include "data/planet/spectrum.h"

namespace ecumene::data::formats {

inline constexpr double kLightSpeedMs = 299792458.0;

/// Wavelength columns of a whole table in one unit, which may be one of wavenumber or frequency; those it does not have
/// are empty.
struct BinColumns {
  std::vector<double> centre, lowerEdge, upperEdge, width, lowerHalfWidth, upperHalfWidth;
};

/// Rows of one spectrum under its label.
using RowGroup = std::pair<std::string, std::vector<std::size_t>>;

/// Whether a column of widths holds half or full widths: by its name, by `--set bins=`, else by the one reading under
/// which most neighbouring bins touch. Throws Error naming the option where neither or both readings do.
WidthMeaning settleWidths(const BinColumns& bins, WidthMeaning byName, const std::vector<RowGroup>& groups,
                          const ImportOptions& options, std::vector<std::string>& assumptions);

/// Sets the edges from half widths to each side or from one width, where the table has no edges, and brings centres and
/// edges from `unit` to um: of wavenumbers and frequencies the lower edge becomes the upper. Widths are then gone.
void toMicrometres(BinColumns& bins, WidthMeaning meaning, const std::string& unit);

/// Wavelength in um of a length, wavenumber or frequency.
double wavelengthUm(double number, const std::string& unit);

/// Wavelengths of the rows in the unit of `bins`: their centres, or the middles of the bins where edges alone are
/// given.
std::vector<double> centresOf(const BinColumns& bins);

/// Sorts a spectrum whose values are in the order of `rows` and sets its centres and edges in um: those of `bins`, else
/// edges halfway between neighbours. Centres that edges alone give are their mean.
void fillBins(planet::Spectrum& spectrum, const BinColumns& bins, const std::vector<std::size_t>& rows,
              std::vector<std::string>& assumptions);

}  // namespace ecumene::data::formats
