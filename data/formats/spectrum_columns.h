// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/formats/format.h"
#include "data/formats/text_table.h"
#include "data/planet/spectrum.h"

namespace ecumene::data::formats {

enum class WidthMeaning { kHalf, kFull, kUnstated };

/// Which column of a table is what, as names and options tell. Indices into TextTable::columns.
struct SpectrumColumns {
  std::optional<std::size_t> wavelength;
  std::vector<std::size_t> wavelengths;  ///< all that may be it by their names
  std::optional<std::size_t> lowerEdge, upperEdge;
  std::optional<std::size_t> width;  ///< one width for both sides
  WidthMeaning widthMeaning = WidthMeaning::kUnstated;
  std::optional<std::size_t> lowerHalfWidth, upperHalfWidth;
  std::optional<std::size_t> value;
  bool isRadiusRatio = false;                ///< the value is Rp/Rs: the depth is its square
  std::optional<planet::SpectrumKind> kind;  ///< as the value's name says
  std::optional<std::string> impliedUnit;    ///< unit inside the value's name ("dppm")
  std::optional<std::size_t> error, lowerError, upperError;
  std::optional<std::size_t> instrument, order, quality, ignore;
};

/// True if a column holds wavelengths by its name.
bool isWavelengthName(const std::string& name);

/// Settles the columns from the header and `--set columns.*`. Throws Error naming the option where the header leaves a
/// choice, or where there is no header and the options do not say enough.
SpectrumColumns spectrumColumns(const TextTable& table, const ImportOptions& options);

}  // namespace ecumene::data::formats
