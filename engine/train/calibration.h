// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/report/conformal.h"
#include "engine/train/weights_file.h"

namespace ecumene::engine::train {

/// The conformal steps that an evaluation fitted for a run's weights, for predictions of single planets.
class Calibration {
 public:
  explicit Calibration(std::vector<report::ConformalStep> steps) : steps_(std::move(steps)) {}
  /// conformal.json of a run's artifacts; none are known where it is not there or of other weights. Throws Error at a
  /// file that is damaged.
  static Calibration load(const std::filesystem::path& artifacts, const WeightsId& weights);
  void save(const std::filesystem::path& artifacts, const WeightsId& weights) const;

  /// Moves the intervals of rows that were given views with a step, else says why not (report::applySteps).
  void apply(std::vector<report::Prediction>& rows) const;

 private:
  std::vector<report::ConformalStep> steps_;
  std::string none_;  ///< why there is no step, in words
};

}  // namespace ecumene::engine::train
