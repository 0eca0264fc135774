// SPDX-License-Identifier: Apache-2.0
#include "models/layers/init.h"

#include <ATen/CPUGeneratorImpl.h>

#include "data/base/random.h"

namespace ecumene::models::layers {

Init Init::child(std::string_view name) const {
  Init child = *this;
  if (!child.path_.empty()) child.path_ += '.';
  child.path_ += name;
  return child;
}

torch::Tensor Init::normal(std::string_view name, torch::IntArrayRef shape, double deviation) const {
  if (options_.device().is_meta() || !draws_) return torch::empty(shape, options_);
  // Drawn on the CPU in float32 whatever the device and type, so that all devices begin alike.
  const std::uint64_t key = stableHash(child(name).path_ + "#" + std::to_string(seed_));
  at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(key);
  return torch::empty(shape, torch::kFloat32).normal_(0.0, deviation, generator).to(options_);
}

torch::Tensor Init::constant(torch::IntArrayRef shape, double value) const {
  return torch::full(shape, value, options_);
}

}  // namespace ecumene::models::layers
