// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "models/climate/reconstruction_loss.h"
#include "models/fusion/fusion.h"
#include "models/graph/graph.h"
#include "models/language/language.h"
#include "models/spec/loss_spec.h"
#include "models/spec/model_spec.h"
#include "models/spectrum/scalars.h"
#include "models/spectrum/spectrum.h"
#include "models/unified/contrast.h"
#include "models/unified/soft_tokens.h"
#include "models/unified/wide_path.h"

namespace ecumene::models::unified {

/// A batch as tensors on one device. A view that nobody in the batch has has keep all false.
struct UnifiedInput {
  climate::ClimateInput climate;
  graph::GraphInput graph;
  spectrum::SpectrumInput spectrum;
  spectrum::ScalarInput scalars;
  language::LanguageInput text;  ///< without soft tokens: the model makes them. A hidden text has keep all false
  fusion::Targets targets;
  torch::Tensor planet_B;  ///< int64 >= 0: equal for samples of one planet, in all batches
};

struct UnifiedOutput {
  climate::ClimateOutput climate;
  graph::GraphOutput graph;
  spectrum::SpectrumOutput spectrum;
  layers::Tokens scalars;
  language::LanguageOutput text;
  fusion::FusionOutput fusion;
  fusion::Prediction reasoning;  ///< of the language part's scientific reasoning head
};

/// Terms of the loss by name, unweighted, in a fixed order of names, and their weighted sum.
struct UnifiedLoss {
  torch::Tensor total;
  std::map<std::string, torch::Tensor> parts;  ///< "supervised", "supervised.regime", "language", "graph.kl", ...
  Contrast::Seen seen;                         ///< of this batch, for remember()
};

/// The one model. Climate features, spectrum features, graph latent and scalars enter the language part as soft tokens;
/// its hidden states of the text enter fusion as the textual view; the tokens of all views enter fusion. To the logit
/// of `viable` a linear path from the scalars, the archetype and the planet's answers is added.
class UnifiedModel : public torch::nn::Module {
 public:
  UnifiedModel(const layers::Init& init, const spec::ModelSpec& spec, graph::ReactionVocabulary vocabulary);
  UnifiedOutput forward(const UnifiedInput& input);
  /// The two halves of forward(): each view by its part, then what couples them (the language part, which reads the
  /// other views, and fusion). couple() hides what `input` does not keep though `output` has it, so that one encode()
  /// serves every subset of the views.
  UnifiedOutput encode(const UnifiedInput& input);
  void couple(const UnifiedInput& input, UnifiedOutput& output);
  /// What the language part reads before its text, [B, P, C], of views that encode() gave, hidden as couple() hides.
  layers::Tokens softTokens(const UnifiedInput& input, const UnifiedOutput& encoded) const;
  /// supervised + language + graph + physics + contrastive, each times its weight of LossSpec. Masked reconstruction of
  /// the cube belongs to the physics term. `klShare` in [0, 1] anneals the KL weight.
  UnifiedLoss loss(const UnifiedInput& input, const UnifiedOutput& output, const spec::LossSpec& weights,
                   const climate::ClimateScale& scale, double klShare);
  /// Takes a batch into the contrast's bank, for the losses of later steps. loss() itself changes nothing, so that a
  /// step's micro-batches may be computed side by side and a bad step be left out.
  void remember(const Contrast::Seen& seen) { contrast_->remember(seen); }

  /// The dropout of each part as the spec says it now. Not while the model computes.
  void setDropout(const spec::ModelSpec& spec);

  std::shared_ptr<climate::ClimateModel> climate;
  std::shared_ptr<graph::GraphModel> graph;
  std::shared_ptr<spectrum::SpectrumModel> spectrum;
  std::shared_ptr<spectrum::ScalarModel> scalars;
  std::shared_ptr<language::LanguageModel> language;
  std::shared_ptr<fusion::FusionModel> fusion;

 private:
  /// The graph part's tokens with the name of the archetype, where the network has one.
  torch::Tensor nameArchetypes(const graph::GraphInput& input, const layers::Tokens& tokens) const;
  torch::Tensor contrastiveLoss(const UnifiedInput& input, const UnifiedOutput& output, double temperature,
                                Contrast::Seen& seen) const;

  graph::ReactionVocabulary vocabulary_;
  std::shared_ptr<SoftTokens> climateSoft_, graphSoft_, spectrumSoft_, scalarSoft_;
  std::shared_ptr<fusion::Heads> reasoning_;
  std::shared_ptr<Contrast> contrast_;
  std::shared_ptr<layers::Embedding> archetype_;
  std::shared_ptr<WidePath> wide_;
};

}  // namespace ecumene::models::unified
