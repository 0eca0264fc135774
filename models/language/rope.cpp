// SPDX-License-Identifier: Apache-2.0
#include "models/language/rope.h"

#include <cmath>
#include <numbers>

namespace ecumene::models::language {

Rope::Rope(const spec::LanguageSpec& spec) : spec_(spec) {}

torch::Tensor Rope::frequencies(std::int64_t length) const {
  const auto width = static_cast<double>(spec_.headWidth);
  const auto original = static_cast<double>(spec_.ropeOriginalLength);
  double theta = spec_.ropeTheta;
  if (reach_ < 1.0 && spec_.headWidth > 2) theta *= std::pow(reach_, width / (width - 2.0));
  if (spec_.ropeScaling == "dynamic" && static_cast<double>(length) > original) {
    const double stretch = spec_.ropeFactor * static_cast<double>(length) / original - (spec_.ropeFactor - 1.0);
    theta *= std::pow(stretch, width / (width - 2.0));
  }
  const torch::Tensor exponent = torch::arange(0, spec_.headWidth, 2, torch::kFloat32) / width;
  torch::Tensor frequency = torch::reciprocal(torch::pow(theta, exponent));
  if (spec_.ropeScaling == "linear") frequency = frequency / spec_.ropeFactor;
  if (spec_.ropeScaling == "llama3") {
    const torch::Tensor turns = original * frequency / (2.0 * std::numbers::pi);
    const torch::Tensor kept =
        ((turns - spec_.ropeLowFactor) / (spec_.ropeHighFactor - spec_.ropeLowFactor)).clamp(0.0, 1.0);
    frequency = frequency * kept + frequency / spec_.ropeFactor * (1.0 - kept);
  }
  return frequency;
}

Rope::Angles Rope::angles(std::int64_t length, const torch::TensorOptions& options) const {
  const torch::Tensor half = torch::outer(torch::arange(length, torch::kFloat32), frequencies(length));
  const torch::Tensor angle = torch::cat({half, half}, 1).to(options.device());
  return {angle.cos().to(options), angle.sin().to(options)};
}

namespace {

torch::Tensor turned(const torch::Tensor& x, const torch::Tensor& cos, const torch::Tensor& sin) {
  const auto halves = x.chunk(2, -1);
  // Under autocast the angles are wider than x.
  return torch::addcmul(x * cos, torch::cat({-halves[1], halves[0]}, -1), sin).to(x.scalar_type());
}

/// The gradient of a rotation is the rotation back: nothing of x is kept, and no halves are put together again.
struct Turn : torch::autograd::Function<Turn> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& cos, const torch::Tensor& sin) {
    context->save_for_backward({cos, sin});
    return turned(x, cos, sin);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    return {turned(gradients[0], saved[0], -saved[1]), {}, {}};
  }
};

}  // namespace

torch::Tensor rotate(const torch::Tensor& x, const Rope::Angles& angles) {
  const std::int64_t length = angles.cos.size(0), count = x.size(2);
  return Turn::apply(x, angles.cos.narrow(0, length - count, count), angles.sin.narrow(0, length - count, count));
}

}  // namespace ecumene::models::language
