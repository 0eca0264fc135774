// SPDX-License-Identifier: Apache-2.0
#include "engine/optim/ema.h"

#include <algorithm>
#include <utility>

#include "data/base/error.h"
#include "engine/optim/named_tensors.h"

namespace ecumene::engine::optim {

namespace {

at::DataPtr& memoryOf(const torch::Tensor& tensor) {
  return tensor.unsafeGetTensorImpl()->unsafe_storage().unsafeGetStorageImpl()->_mutable_data_ptr_no_checks();
}

/// Whether the tensor alone fills its storage, in order.
bool ownsItsMemory(const torch::Tensor& tensor) {
  return tensor.is_contiguous() && tensor.storage_offset() == 0 && tensor.storage().nbytes() == tensor.nbytes();
}

}  // namespace

Ema::Ema(NamedTensors weights, double decay) : weights_(std::move(weights)), decay_(decay) {
  for (const auto& [name, weight] : weights_) {
    const torch::Tensor average = weight.detach().clone();
    TORCH_CHECK(ownsItsMemory(weight) && ownsItsMemory(average), "averaged weights: a view of a tensor: ", name);
    averages_[name] = average;
  }
}

void Ema::update() {
  if (aside_) throw internalError("averaged weights: update while the weights are aside");
  const torch::NoGradGuard noGradients;
  const auto n = static_cast<double>(++steps_);
  const double decay = std::min(decay_, (1.0 + n) / (10.0 + n));
  for (auto& [name, average] : averages_) average.mul_(decay).add_(weights_.at(name).detach(), 1.0 - decay);
}

void Ema::swap() noexcept {
  aside_ = !aside_;
  auto weight = weights_.begin();
  for (auto average = averages_.begin(); average != averages_.end(); ++average, ++weight) {
    std::swap(memoryOf(weight->second), memoryOf(average->second));
  }
}

void Ema::load(const NamedTensors& averages, std::int64_t steps) {
  if (aside_) throw internalError("averaged weights: load while the weights are aside");
  copyTensors(averages, averages_, "the averaged weights");
  steps_ = steps;
}

}  // namespace ecumene::engine::optim
