// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/climate/climate.h"
#include "models/climate/reconstruction_loss.h"

namespace ecumene::models::climate {

/// A model of a few thousand parameters over the whole grid.
spec::ClimateSpec tinySpec();

/// Planets of closed form, all variables present, all kept, nothing hidden: waves in longitude, latitude, month, level
/// and epoch, others for each planet and variable. 32 equal bands of latitude with their exact area shares.
ClimateInput waves(std::int64_t batch, std::int64_t epochs = 1, torch::ScalarType type = torch::kFloat64);

/// Every third patch, beginning with the second: [batch, patches].
torch::Tensor everyThird(std::int64_t batch, std::int64_t patches);

/// Cells of the patches (3 months, 4 latitudes, 4 longitudes) of a mask [B, P]: [B, E, M, Y, X].
torch::Tensor cellsOf(const torch::Tensor& mask_BP);

/// Copies, so that one test input can be changed beside the other.
ClimateInput copyOf(const ClimateInput& input);

/// Means and deviations in the range of temperate planets: 288 +- 30 K, log10 q -3 +- 1, log10 p 5 +- 0.2, absorbed 240
/// +- 60 and emitted 235 +- 40 W/m2.
ClimateScale temperateScale();

}  // namespace ecumene::models::climate
