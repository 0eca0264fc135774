// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/report/conformal.h"
#include "engine/report/fluxes.h"
#include "engine/train/weights_file.h"

namespace ecumene::engine::train {

/// What an evaluation fitted on validation planets for a run's weights, for predictions of single planets: the
/// conformal steps of shares, and the factor on the deviations of fluxes.
class Calibration {
 public:
  Calibration(std::vector<report::ConformalStep> steps, report::FluxCalibration fluxes)
      : steps_(std::move(steps)), fluxes_(fluxes) {}
  /// conformal.json and flux_calibration.json of a run's artifacts; nothing is known of one that is not there or of
  /// other weights. Throws Error at a file that is damaged.
  static Calibration load(const std::filesystem::path& artifacts, const WeightsId& weights);
  void save(const std::filesystem::path& artifacts, const WeightsId& weights) const;

  /// Moves the intervals of rows that were given views with a step, else says why not (report::applySteps); gives the
  /// factor to rows with fluxes, or says why there is none.
  void apply(std::vector<report::Prediction>& rows) const;

 private:
  std::vector<report::ConformalStep> steps_;
  report::FluxCalibration fluxes_;
  std::string none_, noFactor_;  ///< why there is no step, no factor, in words
};

}  // namespace ecumene::engine::train
