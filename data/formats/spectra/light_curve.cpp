// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectra/light_curve.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/formats/spectra/spectrum_columns.h"

namespace ecumene::data::formats {
namespace {

Error isLightCurve(const std::string& sign) {
  Error error("this is a light curve, not a spectrum");
  return error.found(sign).next(
      "light curves are not read; if it is a spectrum: --set columns.wavelength=NAME_OR_NUMBER --set "
      "columns.depth=NAME_OR_NUMBER");
}

}  // namespace

std::optional<Error> lightCurveObjection(std::span<const TableColumn> columns) {
  const auto wave =
      std::find_if(columns.begin(), columns.end(), [](const TableColumn& c) { return isWavelengthName(c.name); });
  const auto time =
      std::find_if(columns.begin(), columns.end(), [](const TableColumn& c) { return isTimeName(c.name); });
  if (wave != columns.end() || time == columns.end()) return std::nullopt;
  return isLightCurve("times in the column '" + time->name + "' and no wavelengths");
}

std::optional<Error> lightCurveObjection(const SpectrumSource& source) {
  if (source.hasHeader) return lightCurveObjection(std::span(source.columns));
  const std::vector<std::string>& words = source.cells.front().words;
  if (!std::all_of(words.begin(), words.end(), [](const auto& cell) { return parseNumber(cell).has_value(); })) {
    return std::nullopt;
  }
  constexpr double kFirst = 2.4e6, kLast = 2.5e6;
  const std::vector<double> times = source.numbers(0);
  const auto [low, high] = std::minmax_element(times.begin(), times.end());
  if (times.size() < 2 || !(*low > kFirst && *high < kLast) || !std::is_sorted(times.begin(), times.end())) {
    return std::nullopt;
  }
  return isLightCurve(fmt::format("Julian dates from {:.4f} to {:.4f} in the first column", *low, *high));
}

}  // namespace ecumene::data::formats
