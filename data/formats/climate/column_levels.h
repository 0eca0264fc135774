// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>

namespace ecumene::data::formats {

/// One column of a file at one time, from the top down.
struct FileColumn {
  std::span<const double> logPressure;  ///< ln Pa, ascending
  std::span<const double> value;        ///< NaN: no value (below ground, missing)
  double logGround = 0.0;               ///< ln of the surface pressure
  /// ln Pa up to and down to which the file says that its outermost layers reach; NaN: it does not say.
  double statedTop = std::numeric_limits<double>::quiet_NaN();
  double statedBottom = std::numeric_limits<double>::quiet_NaN();
};

/// What became of canonical levels that the file's levels do not enclose.
struct LevelTally {
  std::size_t asked = 0;                      ///< cells, levels and times
  std::size_t above = 0, below = 0, gap = 0;  ///< of those, out of reach
  double farthest = 0.0;                      ///< largest distance to the nearest level, in ln p

  [[nodiscard]] std::size_t missing() const { return above + below + gap; }
  /// "2.1 % of its cells lie up to 0.06 in ln p below the lowest level"; empty if nothing is out of reach.
  [[nodiscard]] std::string words() const;
};

/// Value of the column at ln p = `logTarget`: linear in ln p between the levels that enclose it; beyond the outermost
/// level with a value, that level's value as far as its layer reaches. A layer reaches to where the file states it;
/// else half-way, in ln p, to where the next level is or would be at the same spacing; and to the ground where the
/// file's next level lies below it. Beyond that, and between levels that enclose one without a value, NaN, counted in
/// `tally`; with `hold` the nearest level's value instead, counted too.
double atLevel(const FileColumn& column, double logTarget, bool hold, LevelTally& tally);

}  // namespace ecumene::data::formats
