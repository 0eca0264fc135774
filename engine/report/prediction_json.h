// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/report/prediction.h"

namespace ecumene::engine::report {

/// What a single prediction says, as a JSON object: README.md, "A prediction in JSON". A number that is not known is
/// null.
std::string predictionJson(const Prediction& row);

/// Of predictionJson, what is said of the training hull, as a JSON object with outside_training_hull, hull and
/// not_judged_because.
std::string hullJson(const Prediction& row);

/// Whether its intervals are those of a conformal step: for both shares or for none.
bool isCalibrated(const Prediction& row);

/// The metabolism of a sample: "methanogen" of "g42-000017-w/methanogen".
std::string metabolismOf(const Prediction& row);

}  // namespace ecumene::engine::report
