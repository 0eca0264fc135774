// SPDX-License-Identifier: Apache-2.0
#include "models/spectrum/spectrum.h"

#include <string>

namespace ecumene::models::spectrum {

using layers::add;

namespace {
constexpr std::int64_t kPoints = 1000, kValues = 3;
constexpr std::int64_t kLogSigma = 1;  ///< among the values of a point
}  // namespace

SpectrumModel::SpectrumModel(const layers::Init& init, const spec::SpectrumSpec& spec)
    : patchPoints_(spec.patchPoints),
      point_(add<layers::GeluMlp>(*this, init, "point", kValues, spec.width, spec.width)),
      features_(add<layers::Linear>(*this, init, "features", spec.width, spec.featureWidth)),
      exponent_(register_parameter("exponent", init.constant({1}, -1.0))) {
  slope_NC_ = register_parameter("slope", init.normal("slope", {kPoints / spec.patchPoints, spec.width}, 1.0));
  position_NC_ = register_parameter("position", init.normal("position", {kPoints / spec.patchPoints, spec.width}, 0.1));
  for (std::int64_t i = 0; i < spec.blocks; ++i) {
    blocks_.push_back(
        add<layers::TransformerBlock>(*this, init, "block" + std::to_string(i), spec.width, spec.heads, spec.dropout));
  }
  norm_ = add<layers::RmsNorm>(*this, init, "norm", spec.width);
}

SpectrumOutput SpectrumModel::forward(const SpectrumInput& input) {
  const std::int64_t batch = input.values_BPK.size(0), patches = kPoints / patchPoints_;
  const torch::Tensor observed = input.present_BP & input.keep_B.unsqueeze(1);
  const torch::Tensor values =
      torch::where(observed.unsqueeze(-1), input.values_BPK, torch::zeros_like(input.values_BPK));
  const torch::Tensor inPatch = observed.reshape({batch, patches, patchPoints_, 1});
  const torch::Tensor score = (values.select(2, kLogSigma) * exponent_).view({batch, patches, patchPoints_, 1});
  const torch::Tensor share =
      torch::softmax(score.masked_fill(inPatch.logical_not(), -1e4), 2) * inPatch.to(score.scalar_type());
  const torch::Tensor points = torch::gelu(point_->in->forward(values)).view({batch, patches, patchPoints_, -1});
  const torch::Tensor keep = inPatch.squeeze(-1).any(2);
  // A patch's depth by weights of its own place: which band is deep survives the mean over patches.
  const torch::Tensor depth_BN1 = (values.select(2, 0).view({batch, patches, patchPoints_, 1}) * share).sum(2);
  // The shares of a patch sum to one, so its mean may be taken before the last linear layer, once a patch.
  torch::Tensor x = point_->out->forward((points * share).sum(2)) + depth_BN1 * slope_NC_ + position_NC_;
  for (const auto& block : blocks_) x = block->forward(x, {.keep_BS = keep});
  x = norm_->forward(x);
  const torch::Tensor kept = keep.unsqueeze(-1).to(x.scalar_type());
  const torch::Tensor mean = (x * kept).sum(1) / kept.sum(1).clamp_min(1.0);
  const torch::Tensor there = keep.any(1, true).to(x.scalar_type());
  return {{x, keep}, features_->forward(mean) * there};
}

}  // namespace ecumene::models::spectrum
