// SPDX-License-Identifier: Apache-2.0
#include "models/spectrum/scalars.h"

#include <numbers>
#include <vector>

namespace ecumene::models::spectrum {
namespace {

/// Frequencies in quarters: higher ones would tell single planets from each other.
constexpr std::int64_t kQuarters = 2;
constexpr std::int64_t kFeatures = 1 + 2 * kQuarters;

torch::Tensor fourier(const torch::Tensor& value) {
  std::vector<torch::Tensor> features{value};
  for (std::int64_t k = 1; k <= kQuarters; ++k) {
    const torch::Tensor phase = value * (std::numbers::pi / 4.0 * static_cast<double>(k));
    features.push_back(phase.sin());
    features.push_back(phase.cos());
  }
  return torch::stack(features, -1);
}

}  // namespace

ScalarModel::ScalarModel(const layers::Init& init, const spec::ScalarSpec& spec)
    : value_NFC_(register_parameter("value", init.normal("value", {kScalarCount, kFeatures, spec.width}, 0.7))),
      name_NC_(register_parameter("name", init.normal("name", {kScalarCount, spec.width}, 1.0))) {}

layers::Tokens ScalarModel::forward(const ScalarInput& input) {
  const torch::Tensor values = torch::where(input.present_BN, input.values_BN, torch::zeros_like(input.values_BN));
  const torch::Tensor own = torch::matmul(fourier(values).unsqueeze(2), value_NFC_.unsqueeze(0)).squeeze(2);
  return {own + name_NC_, input.present_BN};
}

}  // namespace ecumene::models::spectrum
