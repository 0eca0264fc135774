// SPDX-License-Identifier: Apache-2.0
#include "models/layers/norm.h"

#include "models/layers/precision.h"

namespace ecumene::models::layers {
namespace {

/// With its gradient written out: with r = 1 / sqrt(mean(x^2) + epsilon), n = x r and h = g weight it is
/// (h - n mean(h n)) r. Keeps x and r alone, where the graph of the single steps keeps three tensors of x's size.
struct Normalise : torch::autograd::Function<Normalise> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& weight, double epsilon) {
    const torch::Tensor wide = atLeastFloat32(x);
    const torch::Tensor factor = torch::rsqrt(wide.square().mean(-1, true) + epsilon);
    context->save_for_backward({x, weight, factor});
    return (wide * factor).to(x.scalar_type()) * weight.to(x.scalar_type());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &weight = saved[1], &factor = saved[2];
    const torch::Tensor gradient = atLeastFloat32(gradients[0]), normalised = atLeastFloat32(x) * factor;
    torch::Tensor ofX, ofWeight;
    if (context->needs_input_grad(0)) {
      const torch::Tensor weighed = gradient * atLeastFloat32(weight);
      ofX = torch::addcmul(weighed, normalised, (weighed * normalised).mean(-1, true), -1.0) * factor;
      ofX = ofX.to(x.scalar_type());
    }
    if (context->needs_input_grad(1)) {
      ofWeight = (gradient * normalised).reshape({-1, weight.size(0)}).sum(0).to(weight.scalar_type());
    }
    return {ofX, ofWeight, {}};
  }
};

}  // namespace

RmsNorm::RmsNorm(const Init& init, std::int64_t width, double epsilon) : epsilon_(epsilon) {
  weight = register_parameter("weight", init.constant({width}, 1.0));
}

torch::Tensor RmsNorm::forward(const torch::Tensor& x) const {
  return Normalise::apply(x, weight, epsilon_);
}

LayerScale::LayerScale(const Init& init, std::int64_t width, double initial) {
  weight = register_parameter("weight", init.constant({width}, initial));
}

}  // namespace ecumene::models::layers
