// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "engine/run/run_directory.h"
#include "engine/train/step.h"

namespace ecumene::engine::train {

/// What the steps since the last row of the journal gave, as metrics: "loss.<term>" and "loss.total", means over
/// samples; "gradient.norm" and "gradient.<part>", of the last step, before clipping; "learning_rate", "epoch",
/// "samples_per_s", "tokens_per_s", "loader.wait_share" of the time, "checkpoint.stall_share", "loss_scale",
/// "rope_reach".
class Journal {
 public:
  /// Seconds since the process began that reading and checkpoints have held up the training so far.
  struct Stalls {
    double reading = 0.0, checkpoints = 0.0;
  };

  /// Time that is spent elsewhere (evaluation, a pause) ends with this call.
  void restartClock(const Stalls& stalls);
  void add(const StepGradient& step, const StepKey& key, double learningRate, double epoch);
  /// And begins anew.
  std::vector<run::Metric> row(const Stalls& stalls);
  /// Of the last step.
  [[nodiscard]] double loss() const { return loss_; }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  Stalls stalls_;
  std::int64_t samples_ = 0, tokens_ = 0;
  std::map<std::string, double> sums_, latest_;
  double loss_ = 0.0;
};

}  // namespace ecumene::engine::train
