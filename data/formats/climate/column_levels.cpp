// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/column_levels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ecumene::data::formats {
namespace {

/// Pressures this near to each other in ln p are the same level: files keep sigma as float32.
constexpr double kSameLevel = 1e-6;
/// Layers meet to within this; half of a spacing is not exact in floating point.
constexpr double kReachSlack = 1e-9;

/// Nearest level with a value from `from` on; the column's size if there is none.
std::size_t valued(const FileColumn& column, std::size_t from) {
  std::size_t i = from;
  while (i < column.value.size() && std::isnan(column.value[i])) ++i;
  return i;
}

double spacing(const FileColumn& column, std::size_t above) {
  return above + 1 < column.logPressure.size() ? column.logPressure[above + 1] - column.logPressure[above] : 0.0;
}

/// ln p up to which the layer of the highest level with a value reaches.
double topReach(const FileColumn& column, std::size_t first) {
  if (first == 0 && !std::isnan(column.statedTop)) return column.statedTop;
  return column.logPressure[first] - 0.5 * spacing(column, first == 0 ? 0 : first - 1);
}

/// ln p down to which the layer of the lowest level with a value reaches.
double bottomReach(const FileColumn& column, std::size_t last) {
  if (last + 1 < column.value.size()) {
    if (column.logPressure[last + 1] >= column.logGround) return column.logGround;
    return column.logPressure[last] + 0.5 * spacing(column, last);
  }
  if (!std::isnan(column.statedBottom)) return column.statedBottom;
  return column.logPressure[last] + 0.5 * (last == 0 ? 0.0 : spacing(column, last - 1));
}

/// "2.1 %", with as many digits as people read.
std::string percentWords(double percent) {
  constexpr double kLeast = 0.01;
  constexpr double kMost = 99.5;
  if (percent < kLeast) return fmt::format("less than {} %", kLeast);
  if (percent >= kMost) return fmt::format("more than {} %", kMost);
  return percent < 9.95 ? fmt::format("{:.2g} %", percent) : fmt::format("{:.0f} %", percent);
}

}  // namespace

std::string LevelTally::words() const {
  const auto part = [&](std::size_t count, const char* where) {
    if (count == 0) return std::string();
    if (count == asked) return fmt::format("all of its cells and levels lie {}", where);
    const double percent = 100.0 * static_cast<double>(count) / static_cast<double>(asked);
    return fmt::format("{} of its cells and levels lie {}", percentWords(percent), where);
  };
  std::string text;
  for (const std::string& words : {part(above, "above the highest level"), part(below, "below the lowest level"),
                                   part(gap, "at levels without a value")}) {
    if (!words.empty()) text += (text.empty() ? "" : ", ") + words;
  }
  return text.empty() ? text : text + fmt::format(", up to {:.3g} in ln p from a level and out of its layer", farthest);
}

double atLevel(const FileColumn& column, double logTarget, bool hold, LevelTally& tally) {
  ++tally.asked;
  const std::size_t levels = column.value.size();
  const auto at = static_cast<std::size_t>(
      std::lower_bound(column.logPressure.begin(), column.logPressure.end(), logTarget - kSameLevel) -
      column.logPressure.begin());
  if (at < levels && std::abs(column.logPressure[at] - logTarget) <= kSameLevel && !std::isnan(column.value[at])) {
    return column.value[at];
  }
  const std::size_t below = valued(column, at);
  std::size_t above = at;
  while (above > 0 && std::isnan(column.value[above - 1])) --above;
  const auto beyond = [&](std::size_t nearest, std::size_t& count, bool reached) {
    if (reached) return column.value[nearest];
    ++count;
    tally.farthest = std::max(tally.farthest, std::abs(logTarget - column.logPressure[nearest]));
    return hold ? column.value[nearest] : std::numeric_limits<double>::quiet_NaN();
  };
  if (above == 0 && below == levels) {
    ++tally.gap;
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (above == 0) return beyond(below, tally.above, logTarget >= topReach(column, below) - kReachSlack);
  const std::size_t upper = above - 1;
  if (below == levels) return beyond(upper, tally.below, logTarget <= bottomReach(column, upper) + kReachSlack);
  const double from = column.logPressure[upper];
  const double to = column.logPressure[below];
  if (below != upper + 1) return beyond(logTarget - from < to - logTarget ? upper : below, tally.gap, false);
  const double weight = (logTarget - from) / (to - from);
  return column.value[upper] + weight * (column.value[below] - column.value[upper]);
}

}  // namespace ecumene::data::formats
