// SPDX-License-Identifier: Apache-2.0
#include "engine/report/quantities.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/report/bootstrap.h"

namespace ecumene::engine::report {
namespace {

using data::planet::kScalarCount;

constexpr double kPpm = 1e6;
/// Quantiles of a Gaussian one deviation below and above its median.
constexpr double kBelow = 0.1587, kAbove = 0.8413;

constexpr std::size_t placeOf(SpectrumQuantity quantity) {
  return kScalarCount + static_cast<std::size_t>(quantity);
}

}  // namespace

const std::array<QuantityInfo, kQuantityCount>& quantities() {
  static const std::array<QuantityInfo, kQuantityCount> table = [] {
    std::array<QuantityInfo, kQuantityCount> made;
    for (const data::planet::ScalarInfo& scalar : data::planet::scalars()) {
      made.at(static_cast<std::size_t>(scalar.id)) = {scalar.name, scalar.unit};
    }
    made.at(placeOf(SpectrumQuantity::kMedianDepth)) = {"transit_depth_median", "ppm"};
    made.at(placeOf(SpectrumQuantity::kDepthSpread)) = {"transit_depth_spread", "ppm"};
    made.at(placeOf(SpectrumQuantity::kMedianSigma)) = {"transit_depth_sigma", "ppm"};
    made.at(placeOf(SpectrumQuantity::kCoveredBins)) = {"spectrum_coverage", "1"};
    return made;
  }();
  return table;
}

bool anyScalarKnown(const Quantities& known) {
  return std::any_of(known.begin(), known.begin() + kScalarCount, [](double value) { return !std::isnan(value); });
}

Quantities quantitiesOf(const ScalarValues& scalars, const data::planet::ModelSpectrum* spectrum) {
  Quantities made;
  made.fill(kMissing);
  std::copy(scalars.begin(), scalars.end(), made.begin());
  if (spectrum == nullptr) return made;
  std::vector<double> depths, sigmas;
  for (std::size_t i = 0; i < spectrum->value.size(); ++i) {
    if (spectrum->present[i] == 0 || spectrum->sigma[i] <= 0.0) continue;
    depths.push_back(spectrum->value[i]);
    sigmas.push_back(spectrum->sigma[i]);
  }
  if (depths.empty()) return made;
  made.at(placeOf(SpectrumQuantity::kCoveredBins)) =
      static_cast<double>(depths.size()) / static_cast<double>(spectrum->value.size());
  made.at(placeOf(SpectrumQuantity::kMedianDepth)) = kPpm * quantile(depths, 0.5);
  made.at(placeOf(SpectrumQuantity::kDepthSpread)) = kPpm * 0.5 * (quantile(depths, kAbove) - quantile(depths, kBelow));
  made.at(placeOf(SpectrumQuantity::kMedianSigma)) = kPpm * quantile(std::move(sigmas), 0.5);
  return made;
}

std::map<std::string, std::vector<Quantities>> planetQuantities(const data::store::Store& store,
                                                                const data::store::Filter& filter) {
  std::map<std::string, std::vector<Quantities>> found;
  for (const data::store::SampleIndex& index : store.samples(filter, [](std::string_view) { return 1U; })) {
    if (index.cases.empty()) continue;
    std::vector<Quantities>& rows = found[index.cube.id];
    const std::uint32_t any = index.cases.front().position;
    for (const std::uint32_t position : index.spectra) {
      const data::store::SampleParts parts = store.sample(index, {any, position, std::nullopt});
      const data::planet::ModelSpectrum spectrum = data::planet::rebin(parts.spectrum.value());
      rows.push_back(quantitiesOf(scalarValues(parts.scalars), &spectrum));
    }
    if (rows.empty()) {
      rows.push_back(quantitiesOf(scalarValues(store.sample(index, {any, {}, {}}).scalars), nullptr));
    }
    const auto covered = [](const Quantities& row) {
      const double share = row.at(placeOf(SpectrumQuantity::kCoveredBins));
      return std::isnan(share) ? 0.0 : share;
    };
    std::stable_sort(rows.begin(), rows.end(),
                     [&](const Quantities& a, const Quantities& b) { return covered(a) > covered(b); });
  }
  return found;
}

}  // namespace ecumene::engine::report
