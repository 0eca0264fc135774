// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/climate/climate.h"

namespace ecumene::models::climate {

/// What undoes the normalisation: means and deviations of the ten variables in canonical order (store::Statistics;
/// humidity as log10(max(q, 1e-8)), pressure as log10 Pa).
struct ClimateScale {
  torch::Tensor mean_W, deviation_W;
};

/// Terms of the masked reconstruction, each a mean over the planets that are kept and have hidden patches; zero if none
/// is. The physics terms look at the completed cube (hidden cells from the reconstruction, the others as they are) and
/// compare it with the source cube's own budget, not with zero: a source that is out of balance is not a fault of the
/// model.
struct ClimateLoss {
  torch::Tensor reconstruction;  ///< squared error of hidden cells, area-weighted, mean over present variables
  /// Squared difference of the global annual mean of absorbed minus emitted radiation, in units of the deviation of
  /// outgoing longwave radiation.
  torch::Tensor energy;
  /// Squared difference of each month's mean surface pressure relative to the year's, in tenths: mass of the air.
  torch::Tensor pressure;
  /// Squared excess of log10 humidity over saturation (Bolton 1980, eq. 10, over water) beyond the source's own excess.
  torch::Tensor saturation;
};
ClimateLoss reconstructionLoss(const ClimateInput& input, const ClimateOutput& output, const ClimateScale& scale,
                               const PatchGrid& grid);

}  // namespace ecumene::models::climate
