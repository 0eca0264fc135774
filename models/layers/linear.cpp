// SPDX-License-Identifier: Apache-2.0
#include "models/layers/linear.h"

#include <cmath>

namespace ecumene::models::layers {

Linear::Linear(const Init& init, std::int64_t in, std::int64_t out, bool withBias, double gain) {
  weight = register_parameter("weight", init.normal("weight", {out, in}, gain / std::sqrt(static_cast<double>(in))));
  if (withBias) bias = register_parameter("bias", init.constant({out}, 0.0));
}

torch::Tensor Linear::forward(const torch::Tensor& x) const {
  torch::Tensor y = torch::nn::functional::linear(x, weight, bias);
  if (!loraA_.defined()) return y;
  namespace F = torch::nn::functional;
  return y + F::linear(F::linear(x, loraA_), loraB_) * loraScale_;
}

void Linear::addLora(const Init& init, std::int64_t rank, double alpha) {
  TORCH_CHECK(rank > 0 && !hasLora(), init.path(), ": LoRA of rank ", rank, hasLora() ? " a second time" : "");
  const double deviation = 1.0 / std::sqrt(static_cast<double>(weight.size(1)));
  loraA_ = register_parameter("lora_a", init.normal("lora_a", {rank, weight.size(1)}, deviation));
  loraB_ = register_parameter("lora_b", init.constant({weight.size(0), rank}, 0.0));
  loraScale_ = alpha / static_cast<double>(rank);
  weight.requires_grad_(false);
  if (bias.defined()) bias.requires_grad_(false);
}

torch::Tensor Linear::mergedWeight() const {
  const torch::NoGradGuard noGradients;
  return hasLora() ? torch::add(weight, torch::mm(loraB_, loraA_), loraScale_) : weight.detach();
}

Embedding::Embedding(const Init& init, std::int64_t count, std::int64_t width, double deviation) {
  weight = register_parameter("weight", init.normal("weight", {count, width}, deviation));
}

torch::Tensor Embedding::forward(const torch::Tensor& index) const {
  return torch::embedding(weight, index);
}

}  // namespace ecumene::models::layers
