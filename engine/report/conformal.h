// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/report/prediction.h"

namespace ecumene::engine::report {

/// By how much the 90 % intervals of one share given one subset were moved outwards (negative: inwards).
struct ConformalStep {
  std::string subset, target;  ///< target: "f_hab" or "h050"
  double shift = kMissing;     ///< +infinity: too few validation planets for 90 %, every interval became [0, 1]
  std::size_t planets = 0;     ///< validation planets it was fitted on
};

/// Split-conformal step on quantiles (Romano, Patterson & Candes 2019, arXiv 1905.03222, eq. 8): for each subset the
/// shift is the ceil((n + 1) 0.9) / n quantile of how far labels of the n validation planets lie outside their
/// intervals. A planet counts once, its samples share its weight (pooling of Dunn, Wasserman & Ramdas 2022, arXiv
/// 1809.07441, sec. 3.1). An end at 0 or 1 excludes nothing and stays there. Fills conformalLow and conformalHigh of
/// every row that has an interval and whose subset has validation rows with labels (split "validation", not real); an
/// interval that would turn inside out becomes its midpoint.
std::vector<ConformalStep> conformalise(std::vector<Prediction>& predictions);

}  // namespace ecumene::engine::report
