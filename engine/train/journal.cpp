// SPDX-License-Identifier: Apache-2.0
#include "engine/train/journal.h"

#include <cmath>

namespace ecumene::engine::train {

bool Journal::looksCloser(std::int64_t step, std::int64_t journalSteps) {
  const std::int64_t rows = (kCloserSteps + journalSteps - 1) / journalSteps;
  return step % (rows * journalSteps) == 0;
}

void Journal::restartClock(const Stalls& stalls) {
  begin_ = std::chrono::steady_clock::now();
  stalls_ = stalls;
  timedSamples_ = timedTokens_ = 0;
}

void Journal::add(const StepGradient& step, const StepKey& key, double learningRate, double epoch) {
  samples_ += step.samples;
  timedSamples_ += step.samples;
  timedTokens_ += step.tokens;
  lastSamples_ = step.samples;
  const auto weight = static_cast<double>(step.samples);
  sums_["loss.total"] += step.loss * weight;
  for (const auto& [name, value] : step.parts) sums_["loss." + name] += value * weight;
  loss_ = step.loss;
  latest_["gradient.norm"] = step.norm;
  for (std::size_t part = 0; part < step.partNorms.size(); ++part) {
    latest_["gradient." + std::string(config::kPartNames[part])] = step.partNorms[part];
  }
  latest_["learning_rate"] = learningRate;
  latest_["loss_scale"] = key.lossScale;
  latest_["rope_reach"] = key.ropeReach;
  latest_["epoch"] = epoch;
}

void Journal::add(const CloserLook& look) {
  look_ = look;
}

std::vector<run::Metric> Journal::row(const Stalls& stalls) {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  std::vector<run::Metric> metrics;
  for (const auto& [name, sum] : sums_) metrics.push_back({name, sum / static_cast<double>(samples_)});
  for (const auto& [name, value] : latest_) metrics.push_back({name, value});
  if (seconds > 0.0) {
    metrics.push_back({"samples_per_s", static_cast<double>(timedSamples_) / seconds});
    metrics.push_back({"tokens_per_s", static_cast<double>(timedTokens_) / seconds});
    metrics.push_back({"loader.wait_share", (stalls.reading - stalls_.reading) / seconds});
    metrics.push_back({"checkpoint.stall_share", (stalls.checkpoints - stalls_.checkpoints) / seconds});
  }
  lookSamples_ += static_cast<double>(timedSamples_);
  lookSeconds_ += seconds;
  if (look_) {
    for (std::size_t part = 0; part < look_->angles.size(); ++part) {
      if (std::isnan(look_->angles[part])) continue;
      metrics.push_back({"gradient_angle." + std::string(config::kPartNames[part]), look_->angles[part]});
    }
    if (lookSeconds_ > 0.0) {
      const double rate = look_->flops / static_cast<double>(lastSamples_) * lookSamples_ / lookSeconds_;
      metrics.push_back({"flops_per_s", rate});
      if (peak_) metrics.push_back({"mfu", rate / *peak_});
    }
    lookSamples_ = lookSeconds_ = 0.0;
    look_.reset();
  }
  samples_ = 0;
  sums_.clear();
  restartClock(stalls);
  return metrics;
}

}  // namespace ecumene::engine::train
