// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "data/formats/spectrum_columns.h"
#include "data/planet/spectrum.h"

namespace ecumene::data::formats {

/// Wavelength columns of a whole table in um; those it does not have are empty.
struct BinColumns {
  std::vector<double> centre, lowerEdge, upperEdge, width, lowerHalfWidth, upperHalfWidth;
};

/// Rows of one spectrum under its label.
using RowGroup = std::pair<std::string, std::vector<std::size_t>>;

/// Whether a column of widths holds half or full widths: by its name, by `--set bins=`, else by the one reading under
/// which most neighbouring bins touch. Throws Error naming the option where neither or both readings do.
WidthMeaning settleWidths(const BinColumns& bins, WidthMeaning byName, const std::vector<RowGroup>& groups,
                          const ImportOptions& options, std::vector<std::string>& assumptions);

/// Sorts a spectrum whose values are in the order of `rows` and sets its centres and edges: from edges, from half
/// widths to each side, from one width, else halfway between neighbours. Centres that edges alone give are their mean.
void fillBins(planet::Spectrum& spectrum, const BinColumns& bins, const std::vector<std::size_t>& rows,
              WidthMeaning meaning, std::vector<std::string>& assumptions);

}  // namespace ecumene::data::formats
