// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// The gridded archives of ThousandWorlds (arXiv 2606.18338; dataset/fields/*.npz of its release): time means of five
/// climate models on 32 x 64 cells and ten levels. A planet for each simulation, with its row of inputs.csv, the splits
/// of subsets/ in which it stands, and what published methods scored on them (results/scores_5seeds.csv). Rows are
/// Gaussian latitudes from the south; level k lies at 1000 Pa + s (0.925 p0 - 1000 Pa), s = 0.75 x + 1.75 x^3 - 1.5
/// x^4, x = 1 - k / 9; columns are cells from 180 W, the star over 0 E (thousandworlds/viz.py of its code).
Format thousandworldsFormat();

}  // namespace ecumene::data::formats
