// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "engine/report/report.h"

namespace ecumene::engine::report {

/// predictions.h5: for each predictor (in the given order, group "0", "1", ...; its name is the text "<group>/name")
/// columns of equal length: texts sample, planet, split, subset, given (lines separated by '\n'), int32 archetype,
/// real, out_of_hull, tokens, label/regime, float32 regime [rows, 6], habitable, viable, language_nll, and for f_hab
/// and h050 mean, low, high, conformal_low, conformal_high, crps, nll, probability [rows, parts] (NaN where a row has
/// none), label/{habitable,viable,f_hab,h050}, and embedding [kept, width] with the rows that have one in embedding_row
/// [kept]. NaN and -1: missing (out_of_hull: not judged). The file's attributes `step` and `manifest` are those of the
/// weights. Written whole or not at all.
void writePredictions(const std::filesystem::path& file, const std::vector<Predictor>& predictors,
                      const WeightsId& weights);

}  // namespace ecumene::engine::report
