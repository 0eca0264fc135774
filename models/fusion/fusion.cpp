// SPDX-License-Identifier: Apache-2.0
#include "models/fusion/fusion.h"

#include <string>
#include <vector>

#include "models/layers/dropout.h"
#include "models/layers/precision.h"

namespace ecumene::models::fusion {

using layers::add;
using layers::atLeastFloat32;
using layers::Init;
using torch::indexing::Slice;

std::string_view name(View view) {
  constexpr std::array<std::string_view, kViewCount> kNames{"climate", "graph", "spectrum", "text", "scalars"};
  return kNames.at(view);
}

class FusionLayer : public torch::nn::Module, public layers::WithDropout {
 public:
  FusionLayer(const Init& init, const spec::FusionSpec& spec)
      : WithDropout(spec.dropout),
        readNorm_(add<layers::RmsNorm>(*this, init, "read_norm", spec.width)),
        read_(add<layers::MultiHeadAttention>(*this, init, "read", spec.width, spec.heads, spec.width)),
        block_(add<layers::TransformerBlock>(*this, init, "block", spec.width, spec.heads, spec.dropout)) {}

  torch::Tensor forward(const torch::Tensor& queries, const torch::Tensor& tokens, const torch::Tensor& keep) {
    torch::Tensor x = queries;
    const torch::Tensor read = read_->forward(readNorm_->forward(x), {.keep_BS = keep}, tokens);
    x = x + layers::dropout(read, dropout_, is_training());
    return block_->forward(x, {});
  }
  void recordTo(layers::AttentionRecord* record) { read_->recordTo(record); }

 private:
  std::shared_ptr<layers::RmsNorm> readNorm_;
  std::shared_ptr<layers::MultiHeadAttention> read_;
  std::shared_ptr<layers::TransformerBlock> block_;
};

/// Tokens of all views in one sequence, each view's times its weight.
struct FusionModel::Weighted {
  torch::Tensor tokens_BTC, keep_BT, weight_BM;
  torch::Tensor summary_BS;  ///< normalised mean of each view's tokens, zero where it is absent, and which are present
  std::int64_t batch = 0;
};

FusionModel::FusionModel(const Init& init, const spec::FusionSpec& spec,
                         const std::array<std::int64_t, kViewCount>& widths)
    : WithDropout(spec.dropout) {
  for (std::size_t view = 0; view < kViewCount; ++view) {
    const std::string called(fusion::name(static_cast<View>(view)));
    norms_[view] = add<layers::RmsNorm>(*this, init, called + "_norm", widths[view]);
    projections_[view] = add<layers::Linear>(*this, init, called + "_in", widths[view], spec.width);
    gates_[view] = add<layers::Linear>(*this, init, called + "_gate", spec.width, 1);
    summaryNorms_[view] = add<layers::RmsNorm>(*this, init, called + "_summary_norm", spec.width);
  }
  viewEmbedding_MC_ =
      register_parameter("view_embedding", init.normal("view_embedding", {kViewCount, spec.width}, 0.1));
  const std::int64_t summary = kViewCount * (spec.width + 1);
  beginPlanet_ = add<layers::GeluMlp>(*this, init, "begin_planet", summary, 2 * spec.width, spec.width);
  beginGrowth_ = add<layers::SwiGlu>(*this, init, "begin_growth", summary, 5 * spec.width / 4, spec.width);
  queries_QC_ = register_parameter("queries", init.normal("queries", {spec.queries, spec.width}, 1.0));
  for (std::int64_t layer = 0; layer < spec.layers; ++layer) {
    layers_.push_back(add<FusionLayer>(*this, init, "layer" + std::to_string(layer), spec));
  }
  heads_ = add<Heads>(*this, init, "heads", spec.width);
}

FusionModel::Weighted FusionModel::weigh(const Views& views) const {
  std::vector<torch::Tensor> tokens, keeps, gates, presence, summaries(2 * kViewCount);
  std::vector<std::size_t> defined;
  for (std::size_t view = 0; view < kViewCount; ++view) {
    if (!views[view].values_BTC.defined()) continue;
    defined.push_back(view);
    const torch::Tensor& keep = views[view].keep_BT;
    // Attention and means give these tokens the factor zero, which would still let NaN through.
    const torch::Tensor values = views[view].values_BTC.masked_fill(keep.unsqueeze(-1).logical_not(), 0.0);
    const torch::Tensor x =
        projections_[view]->forward(norms_[view]->forward(values)) + viewEmbedding_MC_[static_cast<std::int64_t>(view)];
    const torch::Tensor real = keep.unsqueeze(-1).to(x.scalar_type());
    const torch::Tensor summary = (x * real).sum(1) / real.sum(1).clamp_min(1.0);
    tokens.push_back(x);
    keeps.push_back(keep);
    presence.push_back(keep.any(1));
    const torch::Tensor there = keep.any(1, true).to(x.scalar_type());
    summaries[view] = summaryNorms_[view]->forward(summary) * there;
    summaries[kViewCount + view] = there;
    gates.push_back(gates_[view]->forward(summary).squeeze(-1));
  }
  if (defined.empty()) return {};
  const torch::Tensor present = torch::stack(presence, 1);
  // A large finite floor instead of -inf keeps a sample without views free of NaN; its weights are zeroed after.
  const torch::Tensor gate = atLeastFloat32(torch::stack(gates, 1)).masked_fill(present.logical_not(), -1e9);
  const torch::Tensor weight = torch::softmax(gate, 1) * present.to(gate.scalar_type());
  // Weights of equal views are 1, whatever the number of views.
  const torch::Tensor factor = weight * present.sum(1, true).to(gate.scalar_type());
  std::vector<torch::Tensor> columns(kViewCount, torch::zeros({present.size(0)}, weight.options()));
  for (std::size_t i = 0; i < defined.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i);
    tokens[i] = tokens[i] * factor.index({Slice(), at}).view({-1, 1, 1}).to(tokens[i].scalar_type());
    columns[defined[i]] = weight.index({Slice(), at});
  }
  for (std::size_t view = 0; view < kViewCount; ++view) {
    if (summaries[view].defined()) continue;
    summaries[view] = torch::zeros({present.size(0), viewEmbedding_MC_.size(1)}, tokens[0].options());
    summaries[kViewCount + view] = torch::zeros({present.size(0), 1}, tokens[0].options());
  }
  return {torch::cat(tokens, 1), torch::cat(keeps, 1), torch::stack(columns, 1), torch::cat(summaries, 1),
          present.size(0)};
}

FusionOutput FusionModel::forward(const Views& views) {
  const Weighted weighted = weigh(views);
  TORCH_CHECK(weighted.batch > 0, "fusion: no view is defined, so the batch size is unknown");
  const torch::Tensor summary = layers::dropout(weighted.summary_BS, dropout_, is_training());
  const std::int64_t queries = queries_QC_.size(0), growth = queries / 2, planet = queries - growth;
  torch::Tensor x =
      queries_QC_.unsqueeze(0) + torch::cat({beginPlanet_->forward(summary).unsqueeze(1).expand({-1, planet, -1}),
                                             beginGrowth_->forward(summary).unsqueeze(1).expand({-1, growth, -1})},
                                            1);
  for (const auto& layer : layers_) x = layer->forward(x, weighted.tokens_BTC, weighted.keep_BT);
  const torch::Tensor ofPlanet = x.slice(1, 0, planet).mean(1), ofGrowth = x.slice(1, planet).mean(1);
  return {heads_->forward(ofPlanet, ofGrowth), torch::cat({ofPlanet, ofGrowth}, 1), weighted.weight_BM};
}

void FusionModel::recordTo(std::size_t layer, layers::AttentionRecord* record) {
  layers_.at(layer)->recordTo(record);
}

}  // namespace ecumene::models::fusion
