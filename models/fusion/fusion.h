// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "models/fusion/heads.h"
#include "models/layers/attention.h"
#include "models/layers/tokens.h"
#include "models/spec/model_spec.h"

// Shape letters: B batch, Q learned queries, T tokens, C fusion width, E embedding width, M views.
namespace ecumene::models::fusion {

enum View { kClimate, kGraph, kSpectrum, kText, kScalars, kViewCount };
std::string_view name(View view);

/// Tokens of each view, each of its own width. A sample that lacks a view has no kept token there; undefined values:
/// nobody in the batch has it. Values of tokens that are not kept are never read, whatever they are, NaN included.
using Views = std::array<layers::Tokens, kViewCount>;

struct FusionOutput {
  Prediction prediction;
  torch::Tensor embedding_BE;   ///< what the heads read of the planet and of growth, side by side: E = 2 C
  torch::Tensor viewWeight_BM;  ///< adaptive weights of the views, sum 1 over those present; all zero if none is
};

/// One layer: the queries read the views' tokens, then each other, then go through a feed-forward network; pre-norm.
class FusionLayer;

/// Learned queries, begun with what an MLP makes of all present views' summaries side by side (the normalised mean of a
/// view's tokens), read the views' tokens by cross-attention, layer by layer. Half of them, rounded up, answer what the
/// planet is, the others whether the metabolism grows there; each half has an MLP of its own, so that the planet's
/// answers, which a planet's samples share and a model soon knows by heart, do not crowd out growth. That of growth is
/// gated: what a metabolism needs multiplies what the planet offers. A gate on each view's mean token weighs the view's
/// tokens (softmax over the views present, times their number). Any subset of views may be present; for a sample
/// without any, the queries alone speak. At least one view must be defined.
class FusionModel : public torch::nn::Module, public layers::WithDropout {
 public:
  FusionModel(const layers::Init& init, const spec::FusionSpec& spec,
              const std::array<std::int64_t, kViewCount>& widths);
  FusionOutput forward(const Views& views);
  /// Cross-attention weights [B, heads, Q, T] of a layer go there; T runs over the defined views in order of View.
  void recordTo(std::size_t layer, layers::AttentionRecord* record);

 private:
  struct Weighted;
  Weighted weigh(const Views& views) const;

  std::array<std::shared_ptr<layers::RmsNorm>, kViewCount> norms_, summaryNorms_;
  std::array<std::shared_ptr<layers::Linear>, kViewCount> projections_, gates_;
  torch::Tensor viewEmbedding_MC_, queries_QC_;
  std::vector<std::shared_ptr<FusionLayer>> layers_;
  std::shared_ptr<Heads> heads_;
  std::shared_ptr<layers::GeluMlp> beginPlanet_;
  std::shared_ptr<layers::SwiGlu> beginGrowth_;
};

}  // namespace ecumene::models::fusion
