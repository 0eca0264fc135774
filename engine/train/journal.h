// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/run_directory.h"
#include "engine/train/step.h"

namespace ecumene::engine::train {

/// What a step gives that was looked at more closely: every kCloserSteps or a few more, since it takes time.
struct CloserLook {
  double flops = 0.0;                                      ///< floating-point operations of the step (flops.h)
  std::array<double, config::kPartNames.size()> angles{};  ///< Learner::gradientAngles()
};

/// What the steps since the last row of the journal gave, as metrics: "loss.<term>" and "loss.total", means over
/// samples; "gradient.norm" and "gradient.<part>", of the last step, before clipping; "learning_rate", "epoch",
/// "samples_per_s", "tokens_per_s", "loader.wait_share" of the time, "checkpoint.stall_share", "loss_scale",
/// "rope_reach". In rows with a closer look also "gradient_angle.<part>" in degrees; "flops_per_s", the operations of
/// a sample in that step times the samples a second since the look before; and "mfu", the share of the device's peak
/// that this is (Chowdhery et al. 2022, arXiv 2204.02311, appendix B), where the peak is known.
class Journal {
 public:
  static constexpr std::int64_t kCloserSteps = 10;

  explicit Journal(std::optional<double> peakFlopsPerSecond) : peak_(peakFlopsPerSecond) {}
  /// Whether the step with this number, from 1, is looked at closer: it ends a row.
  static bool looksCloser(std::int64_t step, std::int64_t journalSteps);

  /// Seconds since the process began that reading and checkpoints have held up the training so far.
  struct Stalls {
    double reading = 0.0, checkpoints = 0.0;
  };

  /// Time that is spent elsewhere (evaluation, a pause) ends with this call. Rates are of what follows.
  void restartClock(const Stalls& stalls);
  void add(const StepGradient& step, const StepKey& key, double learningRate, double epoch);
  /// Of the step that was added last.
  void add(const CloserLook& look);
  /// And begins anew.
  std::vector<run::Metric> row(const Stalls& stalls);
  /// Of the last step.
  [[nodiscard]] double loss() const { return loss_; }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  Stalls stalls_;
  std::int64_t samples_ = 0;                         ///< since the last row
  std::int64_t timedSamples_ = 0, timedTokens_ = 0;  ///< since begin_
  std::int64_t lastSamples_ = 0;                     ///< of the last step
  std::map<std::string, double> sums_, latest_;
  std::optional<double> peak_;
  std::optional<CloserLook> look_;
  double lookSamples_ = 0.0, lookSeconds_ = 0.0;  ///< since the last closer look
  double loss_ = 0.0;
};

}  // namespace ecumene::engine::train
