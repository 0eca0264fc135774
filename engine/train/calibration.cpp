// SPDX-License-Identifier: Apache-2.0
#include "engine/train/calibration.h"

#include <utility>

#include "data/base/error.h"

namespace ecumene::engine::train {

Calibration Calibration::load(const std::filesystem::path& artifacts, const WeightsId& weights) {
  const std::filesystem::path file = artifacts / kConformalFile;
  const OfWeights read = readOfWeights(file, weights);
  try {
    Calibration made(read.content.empty() ? std::vector<report::ConformalStep>{} : report::stepsFromJson(read.content));
    if (!read.stale.empty()) {
      made.none_ = "the conformal step " + read.stale + ": ecumene-train eval makes it anew";
    } else if (read.content.empty()) {
      made.none_ = "the run has no conformal step: it was not evaluated";
    } else if (made.steps_.empty()) {
      made.none_ = "the run has no conformal step: it had no validation planets with labels";
    }
    return made;
  } catch (Error& error) {
    throw error.on(file.string()).next("make it anew: ecumene-train eval");
  }
}

void Calibration::save(const std::filesystem::path& artifacts, const WeightsId& weights) const {
  writeOfWeights(artifacts / kConformalFile, weights, report::toJson(steps_));
}

void Calibration::apply(std::vector<report::Prediction>& rows) const {
  for (report::Prediction& row : rows) {
    if (none_.empty()) {
      report::applySteps(steps_, row);
    } else {
      row.notCalibrated = none_;
    }
  }
}

}  // namespace ecumene::engine::train
