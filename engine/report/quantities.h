// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/planet/spectrum.h"
#include "data/store/store.h"
#include "engine/report/scalar_rows.h"

/// What is known of a planet in numbers, apart from its climate: the scalars, and what sums up its spectrum.
namespace ecumene::engine::report {

/// Of the bins of a transmission spectrum on the model's grid that have a depth and its uncertainty, which are those
/// that a model reads.
enum class SpectrumQuantity {
  kMedianDepth,  ///< of the transit depth, ppm
  kDepthSpread,  ///< half of the distance between its 16 % and 84 % quantiles, ppm
  kMedianSigma,  ///< of its 1-sigma uncertainty, ppm
  kCoveredBins,  ///< share of the grid's bins, in (0, 1]
};
inline constexpr std::size_t kSpectrumQuantities = 4;
inline constexpr std::size_t kQuantityCount = data::planet::kScalarCount + kSpectrumQuantities;

struct QuantityInfo {
  std::string_view name, unit;
};
/// Scalars in the order of planet::scalars(), then SpectrumQuantity.
const std::array<QuantityInfo, kQuantityCount>& quantities();

/// In the order and the units of quantities(); NaN: not known.
using Quantities = std::array<double, kQuantityCount>;

bool anyScalarKnown(const Quantities& known);

/// `spectrum` null, or without any bin that a model reads: its quantities are not known.
Quantities quantitiesOf(const ScalarValues& scalars, const data::planet::ModelSpectrum* spectrum);

/// Of each planet with a climate by id: a row for each of its transmission spectra, the one that covers most bins
/// first (as a prediction of a single planet takes it, data/batch/planet_samples.h); one row without any spectrum.
std::map<std::string, std::vector<Quantities>> planetQuantities(const data::store::Store& store,
                                                                const data::store::Filter& filter);

}  // namespace ecumene::engine::report
