// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "data/base/progress.h"
#include "engine/run/run_directory.h"
#include "engine/train/place.h"

namespace ecumene::engine::train {

struct EvaluateOptions {
  std::vector<std::string> splits = {"validation", "test", "real", "observed"};
  bool ablation = true;  ///< every subset of the views for test planets; else what a run is judged by
  std::string program;   ///< name and version, for the report
  Progress progress;
  Place place;
  std::function<bool()> stop;  ///< asked after each micro-batch and between phases; true ends the evaluation
};

struct Evaluated {
  std::filesystem::path report;  ///< without ".md" and ".json"
  std::string inShort;           ///< Markdown, a line for each number that a run is judged by
};

/// Predicts the splits' planets with the run's best weights beside the reasoning head and baselines on the same
/// scalars, and writes report, cards and predictions (report::writeReport), attention, hulls and conformal steps into
/// the run's folder; predictions, attention, hulls and steps of other weights are removed as it begins, so that an
/// evaluation that was cut leaves none of them. A report that covers more is never replaced: this one stands beside it
/// (report::Coverage). Views: report::judgedSubsets(); some samples of other splits than validation are asked with
/// report::otherSubsets() too, those of some test systems with views of other planets (report::kShuffled). The
/// validation planets are always predicted: intervals and hulls are fitted on them. Observed planets are asked one by
/// one. Throws Error at a split that is none, where the store has no planet of any, and where it was stopped
/// (kCancelled). What makes it fail, but for wrong usage, is an event "evaluation_failed" of the run.
Evaluated evaluateRun(run::RunDirectory& run, const EvaluateOptions& options);

}  // namespace ecumene::engine::train
