// SPDX-License-Identifier: Apache-2.0
#include "engine/train/calibration.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "data/base/error.h"

namespace ecumene::engine::train {
namespace {

namespace fs = std::filesystem;

/// Why there is nothing in a file, in words; empty if there is something.
std::string missing(const OfWeights& read, const char* what) {
  if (!read.stale.empty()) return fmt::format("the {} {}: ecumene-train eval makes it anew", what, read.stale);
  return read.content.empty() ? fmt::format("the run has no {}: it was not evaluated", what) : "";
}

/// What is in a file, if there is anything. Throws Error naming the file.
template <class Made>
Made parsed(const fs::path& file, const OfWeights& read, Made (*parse)(const std::string&)) {
  if (read.content.empty()) return {};
  try {
    return parse(read.content);
  } catch (Error& error) {
    throw error.on(file.string()).next("make it anew: ecumene-train eval");
  }
}

}  // namespace

Calibration Calibration::load(const fs::path& artifacts, const WeightsId& weights) {
  const OfWeights steps = readOfWeights(artifacts / kConformalFile, weights);
  const OfWeights fluxes = readOfWeights(artifacts / kFluxFile, weights);
  Calibration made(parsed(artifacts / kConformalFile, steps, report::stepsFromJson),
                   parsed(artifacts / kFluxFile, fluxes, report::fluxCalibrationFromJson));
  made.none_ = missing(steps, "conformal step");
  if (made.none_.empty() && made.steps_.empty()) {
    made.none_ = "the run has no conformal step: it had no validation planets with labels";
  }
  made.noFactor_ = missing(fluxes, "calibration of fluxes");
  if (made.noFactor_.empty() && std::isnan(made.fluxes_.factor)) {
    made.noFactor_ = fmt::format("too few fluxes of validation networks are known for 90 %: {}", made.fluxes_.fluxes);
  }
  return made;
}

void Calibration::save(const fs::path& artifacts, const WeightsId& weights) const {
  writeOfWeights(artifacts / kConformalFile, weights, report::toJson(steps_));
  writeOfWeights(artifacts / kFluxFile, weights, report::toJson(fluxes_));
}

void Calibration::apply(std::vector<report::Prediction>& rows) const {
  for (report::Prediction& row : rows) {
    if (none_.empty()) {
      report::applySteps(steps_, row);
    } else {
      row.notCalibrated = none_;
    }
    if (row.fluxes.empty()) continue;
    row.fluxFactor = fluxes_.factor;
    row.fluxesNotCalibrated = noFactor_;
  }
}

}  // namespace ecumene::engine::train
