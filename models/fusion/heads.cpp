// SPDX-License-Identifier: Apache-2.0
#include "models/fusion/heads.h"

#include "models/layers/precision.h"

namespace ecumene::models::fusion {

using layers::atLeastFloat32;

namespace {

/// Below it the power of the focal loss is held: at zero a power below one has an infinite slope.
constexpr double kLeastWrong = 1e-12;

/// Mean over the samples that have a label; zero, with a gradient path of zero, if none has.
torch::Tensor meanOver(const torch::Tensor& loss, const torch::Tensor& known) {
  const torch::Tensor kept = torch::where(known, loss, torch::zeros_like(loss));
  return kept.sum() / known.sum().clamp_min(1);
}

torch::Tensor binaryLoss(const torch::Tensor& logit, const torch::Tensor& label, const spec::LossSpec& spec) {
  const torch::Tensor known = label.isnan().logical_not();
  torch::Tensor target = torch::nan_to_num(label, 0.0).to(logit.scalar_type());
  namespace F = torch::nn::functional;
  const auto each = F::BinaryCrossEntropyWithLogitsFuncOptions().reduction(torch::kNone);
  if (spec.classLoss == "focal") {
    // The probability of the other class, by its own sigmoid: 1 - p would lose all digits of a sure prediction.
    const torch::Tensor wrong = torch::sigmoid(logit * (1 - 2 * target));
    const torch::Tensor alpha = target * spec.focalAlpha + (1 - target) * (1 - spec.focalAlpha);
    const torch::Tensor entropy = F::binary_cross_entropy_with_logits(logit, target, each);
    return meanOver(alpha * wrong.clamp_min(kLeastWrong).pow(spec.focalGamma) * entropy, known);
  }
  target = target * (1 - spec.labelSmoothing) + 0.5 * spec.labelSmoothing;
  return meanOver(F::binary_cross_entropy_with_logits(logit, target, each), known);
}

torch::Tensor regimeLoss(const torch::Tensor& logits, const torch::Tensor& label, const spec::LossSpec& spec) {
  const torch::Tensor known = label >= 0;
  const torch::Tensor log = torch::log_softmax(logits, -1);
  const torch::Tensor right = log.gather(-1, label.clamp_min(0).unsqueeze(-1)).squeeze(-1);
  if (spec.classLoss == "focal") {
    const torch::Tensor wrong = -torch::expm1(right);
    return meanOver(-wrong.clamp_min(kLeastWrong).pow(spec.focalGamma) * right, known);
  }
  const double smoothing = spec.labelSmoothing;
  return meanOver(-(1 - smoothing) * right - smoothing * log.mean(-1), known);
}

torch::Tensor shareLoss(const ShareDistribution& share, const torch::Tensor& target) {
  return meanOver(negativeLogLikelihood(share, target), target.isnan().logical_not());
}

}  // namespace

Heads::Heads(const layers::Init& init, std::int64_t width)
    : planetNorm_(layers::add<layers::RmsNorm>(*this, init, "planet_norm", width)),
      growthNorm_(layers::add<layers::RmsNorm>(*this, init, "growth_norm", width)),
      regime_(layers::add<layers::Linear>(*this, init, "regime", width, kRegimes)),
      habitable_(layers::add<layers::Linear>(*this, init, "habitable", width, 1)),
      viable_(layers::add<layers::Linear>(*this, init, "viable", width, 1)),
      fHab_(layers::add<layers::Linear>(*this, init, "f_hab", width, kShareBins + 2)),
      h050_(layers::add<layers::Linear>(*this, init, "h050", width, kShareBins + 2)) {}

Prediction Heads::forward(const torch::Tensor& planet, const torch::Tensor& growth) const {
  const torch::Tensor x = planetNorm_->forward(planet);
  return {.regime_BG = atLeastFloat32(regime_->forward(x)),
          .habitable_B = atLeastFloat32(habitable_->forward(x).squeeze(-1)),
          .viable_B = atLeastFloat32(viable_->forward(growthNorm_->forward(growth)).squeeze(-1)),
          .fHab = {atLeastFloat32(fHab_->forward(x))},
          .h050 = {atLeastFloat32(h050_->forward(x))}};
}

SupervisedLoss supervisedLoss(const Prediction& prediction, const Targets& targets, const spec::LossSpec& spec) {
  SupervisedLoss loss;
  loss.regime = regimeLoss(prediction.regime_BG, targets.regime_B, spec);
  loss.habitable = binaryLoss(prediction.habitable_B, targets.habitable_B, spec);
  loss.viable = binaryLoss(prediction.viable_B, targets.viable_B, spec);
  loss.fHab = shareLoss(prediction.fHab, targets.fHab_B);
  loss.h050 = shareLoss(prediction.h050, targets.h050_B);
  const torch::Tensor present =
      torch::stack({(targets.regime_B >= 0).any(), targets.habitable_B.isnan().logical_not().any(),
                    targets.viable_B.isnan().logical_not().any(), targets.fHab_B.isnan().logical_not().any(),
                    targets.h050_B.isnan().logical_not().any()});
  const torch::Tensor sum = loss.regime + loss.habitable + loss.viable + loss.fHab + loss.h050;
  loss.total = sum / present.sum().clamp_min(1);
  return loss;
}

}  // namespace ecumene::models::fusion
