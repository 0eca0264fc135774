// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/report/prediction.h"

namespace ecumene::engine::report {

/// What single predictions are calibrated on, whatever planet they are of, in words.
inline constexpr std::string_view kCalibratedOn = "generated validation planets";

/// By how much the 90 % intervals of one share given one subset were moved outwards (negative: inwards).
struct ConformalStep {
  std::string subset, target;  ///< target: "f_hab" or "h050"
  double shift = kMissing;     ///< +infinity: too few validation systems for 90 %, every interval became [0, 1]
  std::size_t planets = 0;     ///< validation planets it was fitted on, those of one system counted once
  bool operator==(const ConformalStep&) const = default;
};

/// Split-conformal step on quantiles (Romano, Patterson & Candes 2019, arXiv 1905.03222, eq. 8): for each subset the
/// shift is the ceil((n + 1) 0.9) / n quantile of how far labels of the n validation planets lie outside their
/// intervals. A system counts once, its samples share its weight (pooling of Dunn, Wasserman & Ramdas 2022, arXiv
/// 1809.07441, sec. 3.1). An end at 0 or 1 excludes nothing and stays there. Fills conformalLow and conformalHigh of
/// every row that has an interval and for whose views there are validation rows with labels (split "validation", not
/// real); an interval that would turn inside out becomes its midpoint. What counts are the views that a row was given:
/// one that lacks some of its subset is moved as those of the subset that it has are, and fits no step.
std::vector<ConformalStep> conformalise(std::vector<Prediction>& predictions);

/// The same for a row of steps that were fitted before, by the views that it was given: its intervals move, or
/// notCalibrated says why they do not. A step that had too few planets moves nothing.
void applySteps(const std::vector<ConformalStep>& steps, Prediction& row);

/// JSON, and back. Throws Error naming what is wrong.
std::string toJson(const std::vector<ConformalStep>& steps);
std::vector<ConformalStep> stepsFromJson(const std::string& text);

}  // namespace ecumene::engine::report
