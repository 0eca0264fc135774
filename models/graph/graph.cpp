// SPDX-License-Identifier: Apache-2.0
#include "models/graph/graph.h"

#include <cmath>

#include "models/graph/kind_pooling.h"
#include "models/layers/precision.h"

namespace ecumene::models::graph {

using layers::add;
using layers::atLeastFloat32;

namespace {

constexpr double kLogVarianceBound = 8.0, kLogSigmaBound = 4.0;
constexpr double kFluxBound = 10.0;  ///< of asinh(flux / kFluxUnit): 1101 mmol/gDW/h, above what counts as unlimited
constexpr std::int64_t kRowOutputs = 3;  ///< logit, flux, log sigma

/// x where it is small, never beyond the bound: a variance must not overflow.
torch::Tensor softBound(const torch::Tensor& x, double bound) {
  return torch::tanh(x / bound) * bound;
}

}  // namespace

GraphModel::GraphModel(const layers::Init& init, const spec::GraphSpec& spec, const ReactionVocabulary& vocabulary)
    : encoder_(add<GraphEncoder>(*this, init, "encoder", spec)),
      pooling_(add<KindPooling>(*this, init, "pooling", spec)),
      features_(add<layers::Linear>(*this, init, "features", spec.width, spec.featureWidth)),
      mean_(add<layers::Linear>(*this, init, "mean", spec.featureWidth, spec.latentWidth)),
      logVariance_(add<layers::Linear>(*this, init, "log_variance", spec.featureWidth, spec.latentWidth, true, 0.1)),
      decoder_(add<layers::GeluMlp>(*this, init, "decoder", spec.latentWidth, spec.latentWidth,
                                    kRowOutputs * spec.latentWidth)) {
  const std::int64_t rows = vocabulary.size();
  rows_RZ_ = register_parameter("rows", init.normal("rows", {rows, spec.latentWidth}, 1.0));
  rowBias_RK_ = register_parameter("row_bias", init.constant({kRowOutputs, rows}, 0.0));
}

GraphOutput GraphModel::forward(const GraphInput& input) {
  const std::int64_t batch = input.keep_B.size(0);
  const KeptGraphs graphs = keptGraphs(input);
  GraphOutput output;
  if (graphs.graphs.empty()) {
    const std::int64_t tokens = pooling_->tokenCount();
    output.tokens = {
        torch::zeros({batch, tokens, features_->weight.size(1)}, features_->weight.options().requires_grad(false)),
        torch::zeros({batch, tokens}, input.keep_B.options())};
  } else {
    output.tokens = pooling_->forward(encoder_->forward(graphs, rows_RZ_), graphs, batch);
  }
  const torch::Tensor& tokens = output.tokens.values_BTC;
  const torch::Tensor kept = output.tokens.keep_BT.unsqueeze(-1).to(tokens.scalar_type());
  const torch::Tensor there = output.tokens.keep_BT.any(1, true).to(tokens.scalar_type());
  const torch::Tensor pooled = (tokens * kept).sum(1) / kept.sum(1).clamp_min(1.0);
  output.features_BC = features_->forward(pooled) * there;
  const torch::Tensor wideThere = atLeastFloat32(there);
  output.mean_BZ = atLeastFloat32(mean_->forward(output.features_BC)) * wideThere;
  output.logVariance_BZ =
      softBound(atLeastFloat32(logVariance_->forward(output.features_BC)), kLogVarianceBound) * wideThere;
  output.latent_BZ = output.mean_BZ;
  if (input.noise_BZ.defined()) {
    const torch::Tensor noise = input.noise_BZ.masked_fill(there.eq(0), 0.0);
    output.latent_BZ = output.mean_BZ + torch::exp(0.5 * output.logVariance_BZ) * noise;
  }
  static_cast<Decoded&>(output) = decode(output.latent_BZ);
  return output;
}

Decoded GraphModel::decode(const torch::Tensor& latent) const {
  const std::int64_t batch = latent.size(0), width = latent.size(1);
  const torch::Tensor wish = decoder_->forward(latent).view({batch * kRowOutputs, width});
  const torch::Tensor met = torch::nn::functional::linear(wish, rows_RZ_) / std::sqrt(static_cast<double>(width));
  const torch::Tensor rows = atLeastFloat32(met).view({batch, kRowOutputs, -1}) + rowBias_RK_;
  return {rows.select(1, 0), torch::sinh(softBound(rows.select(1, 1), kFluxBound)) * kFluxUnit,
          softBound(rows.select(1, 2), kLogSigmaBound)};
}

void GraphModel::recordTo(std::size_t layer, layers::AttentionRecord* record) {
  encoder_->recordTo(layer, record);
}

void GraphModel::recordPoolingTo(layers::AttentionRecord* record) {
  pooling_->recordTo(record);
}

}  // namespace ecumene::models::graph
