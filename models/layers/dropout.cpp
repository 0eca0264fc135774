// SPDX-License-Identifier: Apache-2.0
#include "models/layers/dropout.h"

#include <ATen/CPUGeneratorImpl.h>

namespace ecumene::models::layers {
namespace {

thread_local at::Generator own;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): one for each thread

}  // namespace

DropoutNumbers::DropoutNumbers(std::uint64_t seed) {
  TORCH_CHECK(!own.defined(), "this thread has numbers for dropout already");
  own = at::make_generator<at::CPUGeneratorImpl>(seed);
}

DropoutNumbers::~DropoutNumbers() {
  own = at::Generator();
}

at::Generator dropoutGenerator(const torch::Device& device) {
  return device.is_cpu() && own.defined() ? own : at::globalContext().defaultGenerator(device);
}

void setDropout(torch::nn::Module& root, double chance) {
  root.apply([chance](torch::nn::Module& module) {
    if (auto* with = dynamic_cast<WithDropout*>(&module)) with->dropout_ = chance;
  });
}

torch::Tensor dropout(const torch::Tensor& x, double chance, bool training) {
  if (!training || chance == 0.0) return x;
  if (!x.device().is_cpu() || !own.defined()) return torch::dropout(x, chance, true);
  const torch::Tensor factor = torch::empty_like(x).bernoulli_(1.0 - chance, own).div_(1.0 - chance);
  return x * factor;
}

}  // namespace ecumene::models::layers
