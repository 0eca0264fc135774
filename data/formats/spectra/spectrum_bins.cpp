// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectra/spectrum_bins.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/base/units.h"

namespace ecumene::data::formats {
namespace {

void addOnce(std::vector<std::string>& assumptions, const std::string& text) {
  if (std::find(assumptions.begin(), assumptions.end(), text) == assumptions.end()) assumptions.push_back(text);
}

/// Share of neighbouring bins that touch if widths reach `factor` times to each side of the centre.
double touching(const BinColumns& bins, const std::vector<RowGroup>& groups, double factor) {
  std::size_t pairs = 0;
  std::size_t touch = 0;
  for (const RowGroup& group : groups) {
    std::vector<std::size_t> rows = group.second;
    std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return bins.centre[a] < bins.centre[b]; });
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
      const double reach = factor * (bins.width[rows[i]] + bins.width[rows[i + 1]]);
      const double distance = bins.centre[rows[i + 1]] - bins.centre[rows[i]];
      constexpr double kTolerance = 0.1;
      ++pairs;
      if (std::abs(distance - reach) <= kTolerance * distance) ++touch;
    }
  }
  return pairs == 0 ? 0.0 : static_cast<double>(touch) / static_cast<double>(pairs);
}

}  // namespace

WidthMeaning settleWidths(const BinColumns& bins, WidthMeaning byName, const std::vector<RowGroup>& groups,
                          const ImportOptions& options, std::vector<std::string>& assumptions) {
  if (bins.width.empty() || bins.centre.empty()) return byName;
  if (const std::string* chosen = options.find("bins"); chosen != nullptr) {
    if (*chosen == "half") return WidthMeaning::kHalf;
    if (*chosen == "full") return WidthMeaning::kFull;
    throw Error("unknown choice", ErrorKind::kUsage).on("--set bins=" + *chosen).expected("half or full");
  }
  if (byName != WidthMeaning::kUnstated) return byName;
  const double half = touching(bins, groups, 1.0);
  const double full = touching(bins, groups, 0.5);
  constexpr double kMost = 0.5;
  if ((half > kMost) == (full > kMost)) {
    throw Error("the bin widths may be half or full widths")
        .found(fmt::format("{:.0f} % of neighbours touch as half widths, {:.0f} % as full", 100.0 * half, 100.0 * full))
        .next("say which: --set bins=half or --set bins=full");
  }
  const bool isHalf = half > kMost;
  assumptions.push_back(fmt::format("the bin widths are read as {} widths: only so do the bins touch ({:.0f} %)",
                                    isHalf ? "half" : "full", 100.0 * (isHalf ? half : full)));
  return isHalf ? WidthMeaning::kHalf : WidthMeaning::kFull;
}

double wavelengthUm(double number, const std::string& unit) {
  const std::optional<Unit> known = findUnit(unit);
  if (!known) throw internalError("a wavelength's unit is settled before");
  constexpr double kMicrometres = 1e6;  // in a metre
  switch (known->dimension) {
    case Dimension::kWavenumber:
      return kMicrometres / (number * known->toSi);
    case Dimension::kFrequency:
      return kMicrometres * kLightSpeedMs / (number * known->toSi);
    default:
      return convert(number, unit, "um");
  }
}

void toMicrometres(BinColumns& bins, WidthMeaning meaning, const std::string& unit) {
  const bool sides = !bins.lowerHalfWidth.empty() && !bins.upperHalfWidth.empty();
  if ((bins.lowerEdge.empty() || bins.upperEdge.empty()) && (sides || !bins.width.empty())) {
    const std::size_t count = bins.centre.size();
    bins.lowerEdge.resize(count);
    bins.upperEdge.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const double reach = sides ? 0.0 : bins.width[i] * (meaning == WidthMeaning::kHalf ? 1.0 : 0.5);
      bins.lowerEdge[i] = bins.centre[i] - (sides ? bins.lowerHalfWidth[i] : reach);
      bins.upperEdge[i] = bins.centre[i] + (sides ? bins.upperHalfWidth[i] : reach);
    }
  }
  bins.width.clear();
  bins.lowerHalfWidth.clear();
  bins.upperHalfWidth.clear();
  for (std::vector<double>* column : {&bins.centre, &bins.lowerEdge, &bins.upperEdge}) {
    for (double& number : *column) number = wavelengthUm(number, unit);
  }
  if (findUnit(unit)->dimension != Dimension::kLength) bins.lowerEdge.swap(bins.upperEdge);
}

std::vector<double> centresOf(const BinColumns& bins) {
  if (!bins.centre.empty()) return bins.centre;
  std::vector<double> middles(bins.lowerEdge.size());
  for (std::size_t i = 0; i < middles.size(); ++i) middles[i] = 0.5 * (bins.lowerEdge[i] + bins.upperEdge[i]);
  return middles;
}

void fillBins(planet::Spectrum& s, const BinColumns& bins, const std::vector<std::size_t>& rows,
              std::vector<std::string>& assumptions) {
  const bool edges = !bins.lowerEdge.empty() && !bins.upperEdge.empty();
  const std::vector<double> centres = centresOf(bins);
  for (const std::size_t row : rows) {
    s.wavelengthUm.push_back(centres[row]);
    if (!edges) continue;
    s.lowerEdgeUm.push_back(bins.lowerEdge[row]);
    s.upperEdgeUm.push_back(bins.upperEdge[row]);
  }
  if (bins.centre.empty()) addOnce(assumptions, "wavelengths are the middles of the bins, the file gives edges only");
  const bool sorted = std::is_sorted(s.wavelengthUm.begin(), s.wavelengthUm.end());
  planet::sortByWavelength(s);
  if (!sorted) addOnce(assumptions, "the rows are not ascending in wavelength: sorted");
  for (std::size_t i = 1; i < s.size(); ++i) {
    if (s.wavelengthUm[i] == s.wavelengthUm[i - 1]) {
      throw Error("two rows of one spectrum have the same wavelength")
          .found(fmt::format("{} um", s.wavelengthUm[i]))
          .next("if they are of different instruments, name the column: --set columns.instrument=NAME");
    }
  }
  if (s.lowerEdgeUm.empty()) {
    planet::edgesFromCentres(s);
    addOnce(assumptions, "no bin widths are given: the edges are halfway between neighbouring wavelengths");
  }
}

}  // namespace ecumene::data::formats
