// SPDX-License-Identifier: Apache-2.0
#include "models/spectrum/scalars.h"

#include <numbers>
#include <vector>

namespace ecumene::models::spectrum {
namespace {

constexpr std::int64_t kScalars = 10, kLowest = -2, kHighest = 3;
constexpr std::int64_t kFeatures = 1 + 2 * (kHighest - kLowest + 1);

torch::Tensor fourier(const torch::Tensor& value) {
  std::vector<torch::Tensor> features{value};
  for (std::int64_t k = kLowest; k <= kHighest; ++k) {
    const torch::Tensor phase =
        value * (std::numbers::pi * (k < 0 ? 1.0 / static_cast<double>(1 << -k) : static_cast<double>(1 << k)));
    features.push_back(phase.sin());
    features.push_back(phase.cos());
  }
  return torch::stack(features, -1);
}

}  // namespace

ScalarModel::ScalarModel(const layers::Init& init, const spec::ScalarSpec& spec)
    : value_(layers::add<layers::GeluMlp>(*this, init, "value", kFeatures, spec.width, spec.width)),
      name_NC_(register_parameter("name", init.normal("name", {kScalars, spec.width}, 1.0))) {}

layers::Tokens ScalarModel::forward(const ScalarInput& input) {
  const torch::Tensor values = torch::where(input.present_BN, input.values_BN, torch::zeros_like(input.values_BN));
  return {value_->forward(fourier(values)) + name_NC_, input.present_BN};
}

}  // namespace ecumene::models::spectrum
