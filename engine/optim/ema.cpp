// SPDX-License-Identifier: Apache-2.0
#include "engine/optim/ema.h"

#include <algorithm>
#include <utility>

#include "data/base/error.h"
#include "engine/optim/named_tensors.h"

namespace ecumene::engine::optim {

Ema::Ema(NamedTensors weights, double decay) : weights_(std::move(weights)), decay_(decay) {
  for (const auto& [name, weight] : weights_) averages_[name] = weight.detach().clone();
}

void Ema::update() {
  if (aside_) throw internalError("averaged weights: update while the weights are aside");
  const torch::NoGradGuard noGradients;
  const auto n = static_cast<double>(++steps_);
  const double decay = std::min(decay_, (1.0 + n) / (10.0 + n));
  for (auto& [name, average] : averages_) average.mul_(decay).add_(weights_.at(name).detach(), 1.0 - decay);
}

void Ema::swap() {
  const torch::NoGradGuard noGradients;
  aside_ = !aside_;
  for (auto& [name, average] : averages_) {
    torch::Tensor weight = weights_.at(name).detach();
    const torch::Tensor kept = weight.clone();
    weight.copy_(average);
    average.copy_(kept);
  }
}

void Ema::load(const NamedTensors& averages, std::int64_t steps) {
  if (aside_) throw internalError("averaged weights: load while the weights are aside");
  copyTensors(averages, averages_, "the averaged weights");
  steps_ = steps;
}

}  // namespace ecumene::engine::optim
