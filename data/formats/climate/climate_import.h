// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/formats/climate/exoplasim_sidecar.h"
#include "data/formats/common/format.h"
#include "data/formats/common/netcdf_file.h"

namespace ecumene::data::formats {

/// A climate on its way in: what the readers of all kinds of climate files share.
struct ClimateImport {
  const ImportOptions& options;
  planet::Import import{};
  std::string conversions{};

  /// Says it once, however many variables it holds for.
  void assume(const std::string& text);
  void convert(const std::string& text) { conversions += (conversions.empty() ? "" : "; ") + text; }
};

/// A number the user gave; none if it was not given. Throws Error (kUsage) if it is none between `low` and `high`,
/// `unit` being what it is in.
std::optional<double> numberOption(const ImportOptions& options, const std::string& key, double low, double high,
                                   const std::string& unit);

/// Whether a file that is read beside another is there. Throws Error if it is a folder, a pipe, or a link that leads to
/// no file.
bool isThere(const std::filesystem::path& beside);

/// planet.json beside the file; none if there is none.
std::optional<ExoplasimSidecar> sidecarBeside(const std::filesystem::path& path);

/// Gives the planet what its sidecar states, and says what it leaves out. `file` is the climate file, for its digest.
void applySidecar(ClimateImport& c, const ExoplasimSidecar& sidecar, const std::filesystem::path& file);

/// Columns of 5.625 degrees to roll a synchronous planet by, so that its star stands over 180 E: canonical column j is
/// column j + result (mod 64). 0 for planets that are not, or not known to be. Sets the substellar longitude that
/// remains. Throws Error if it is not stated, with the option that states it.
std::size_t settleLongitude(ClimateImport& c, const std::optional<double>& statedDeg);

/// Turns outgoing longwave to positive upward where it is a net downward flux, negative everywhere; `name` for
/// messages. Throws Error if it has both signs.
void makeOutgoing(ClimateImport& c, const std::string& name, std::vector<double>& values);

/// Refuses the means of a planet that is beyond what the dataset holds, with `advice`; rounding and the ripples of
/// spectral models pass.
void checkRange(const planet::VariableInfo& info, const std::vector<double>& values, const std::string& advice);

/// What is wrong with the values of a variable that cannot be negative and is so in the mean; none if nothing is.
std::optional<std::string> negativeMean(const planet::VariableInfo& info, const std::vector<double>& values);

/// Throws Error if the variable is packed by a scale that unpacks nothing (0, not finite).
void requireScale(const NetcdfFile& file, const NetcdfVariable& variable);

}  // namespace ecumene::data::formats
