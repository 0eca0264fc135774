// SPDX-License-Identifier: Apache-2.0
#include "engine/train/journal.h"

namespace ecumene::engine::train {

void Journal::restartClock(const Stalls& stalls) {
  begin_ = std::chrono::steady_clock::now();
  stalls_ = stalls;
}

void Journal::add(const StepGradient& step, const StepKey& key, double learningRate, double epoch) {
  samples_ += step.samples;
  tokens_ += step.tokens;
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

std::vector<run::Metric> Journal::row(const Stalls& stalls) {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  std::vector<run::Metric> metrics;
  for (const auto& [name, sum] : sums_) metrics.push_back({name, sum / static_cast<double>(samples_)});
  for (const auto& [name, value] : latest_) metrics.push_back({name, value});
  if (seconds > 0.0) {
    metrics.push_back({"samples_per_s", static_cast<double>(samples_) / seconds});
    metrics.push_back({"tokens_per_s", static_cast<double>(tokens_) / seconds});
    metrics.push_back({"loader.wait_share", (stalls.reading - stalls_.reading) / seconds});
    metrics.push_back({"checkpoint.stall_share", (stalls.checkpoints - stalls_.checkpoints) / seconds});
  }
  samples_ = tokens_ = 0;
  sums_.clear();
  restartClock(stalls);
  return metrics;
}

}  // namespace ecumene::engine::train
