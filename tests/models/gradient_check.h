// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <functional>

namespace ecumene::models {

/// Compares autograd with central differences, tensor by tensor, along one direction that reaches every element:
/// (f(p + h d) - f(p - h d)) / 2h = grad . d with d_i = cos(1.7 i + 0.3). Parameters in float64.
inline void expectGradientsMatchDifferences(torch::nn::Module& model, const std::function<torch::Tensor()>& loss,
                                            double step = 1e-5, double tolerance = 1e-5) {
  model.zero_grad();
  loss().backward();
  const torch::NoGradGuard noGradients;
  for (const auto& parameter : model.named_parameters()) {
    torch::Tensor value = parameter.value();
    if (!value.grad().defined()) continue;
    const torch::Tensor direction =
        torch::arange(value.numel(), value.options()).mul(1.7).add(0.3).cos().view(value.sizes());
    const torch::Tensor kept = value.clone();
    value.add_(direction, step);
    const double above = loss().item<double>();
    value.copy_(kept - direction * step);
    const double below = loss().item<double>();
    value.copy_(kept);
    const double expected = (above - below) / (2.0 * step);
    const double found = (value.grad() * direction).sum().item<double>();
    EXPECT_NEAR(found, expected, tolerance * (1.0 + std::abs(expected))) << parameter.key();
  }
}

/// A number that depends on every element of x with another weight.
inline torch::Tensor weighed(const torch::Tensor& x) {
  return (x * torch::arange(x.numel(), x.options()).mul(0.37).add(0.1).cos().view(x.sizes())).sum();
}

}  // namespace ecumene::models
