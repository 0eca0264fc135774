// SPDX-License-Identifier: Apache-2.0
#include "models/unified/unified.h"

#include <utility>

#include "models/layers/dropout.h"

namespace ecumene::models::unified {

using layers::add;
using layers::Init;
using layers::Tokens;

namespace {

/// Takes from what encode() gave the views that the input does not keep.
void hideOthers(const UnifiedInput& input, UnifiedOutput& output) {
  const auto only = [](Tokens& tokens, const torch::Tensor& keep_BT) { tokens.keep_BT = tokens.keep_BT & keep_BT; };
  only(output.climate.tokens, input.climate.keep_B.unsqueeze(1));
  only(output.graph.tokens, input.graph.keep_B.unsqueeze(1));
  only(output.spectrum.tokens, input.spectrum.keep_B.unsqueeze(1));
  only(output.scalars, input.scalars.present_BN);
}

/// The archetype of each sample's network, -1 where it is not shown or has none.
torch::Tensor namedArchetype(const graph::GraphInput& input) {
  return torch::where(input.keep_B, input.archetype_B, torch::full_like(input.archetype_B, -1));
}

}  // namespace

UnifiedModel::UnifiedModel(const Init& init, const spec::ModelSpec& spec, graph::ReactionVocabulary vocabulary)
    : climate(add<climate::ClimateModel>(*this, init, "climate", spec.climate)),
      graph(add<graph::GraphModel>(*this, init, "graph", spec.graph, vocabulary)),
      spectrum(add<spectrum::SpectrumModel>(*this, init, "spectrum", spec.spectrum)),
      scalars(add<spectrum::ScalarModel>(*this, init, "scalars", spec.scalars)),
      language(add<language::LanguageModel>(*this, init, "language", spec.language)),
      vocabulary_(std::move(vocabulary)) {
  const std::int64_t hidden = spec.language.width, soft = spec.language.softTokens;
  fusion = add<fusion::FusionModel>(
      *this, init, "fusion", spec.fusion,
      std::array<std::int64_t, fusion::kViewCount>{spec.climate.width, spec.graph.width, spec.spectrum.width, hidden,
                                                   spec.scalars.width});
  archetype_ = add<layers::Embedding>(*this, init, "archetype", graph::kArchetypes, spec.graph.width, 1.0);
  wide_ = add<WidePath>(*this, init, "wide");
  climateSoft_ = add<SoftTokens>(*this, init, "climate_soft", spec.climate.featureWidth, soft, hidden);
  graphSoft_ = add<SoftTokens>(*this, init, "graph_soft", spec.graph.latentWidth, soft, hidden);
  spectrumSoft_ = add<SoftTokens>(*this, init, "spectrum_soft", spec.spectrum.featureWidth, soft, hidden);
  scalarSoft_ = add<SoftTokens>(*this, init, "scalar_soft", spec.scalars.width, soft, hidden);
  reasoning_ = add<fusion::Heads>(*this, init, "reasoning", hidden);
  contrast_ =
      add<Contrast>(*this, init, "contrast",
                    std::array<std::int64_t, fusion::kViewCount>{spec.climate.featureWidth, spec.graph.featureWidth,
                                                                 spec.spectrum.featureWidth, hidden, 0});
}

void UnifiedModel::setDropout(const spec::ModelSpec& spec) {
  layers::setDropout(*climate, spec.climate.dropout);
  layers::setDropout(*graph, spec.graph.dropout);
  layers::setDropout(*spectrum, spec.spectrum.dropout);
  layers::setDropout(*language, spec.language.dropout);
  layers::setDropout(*fusion, spec.fusion.dropout);
}

UnifiedOutput UnifiedModel::forward(const UnifiedInput& input) {
  UnifiedOutput output = encode(input);
  couple(input, output);
  return output;
}

UnifiedOutput UnifiedModel::encode(const UnifiedInput& input) {
  UnifiedOutput output;
  output.climate = climate->forward(input.climate);
  output.graph = graph->forward(input.graph);
  output.graph.tokens.values_BTC = nameArchetypes(input.graph, output.graph.tokens);
  output.spectrum = spectrum->forward(input.spectrum);
  output.scalars = scalars->forward(input.scalars);
  return output;
}

torch::Tensor UnifiedModel::nameArchetypes(const graph::GraphInput& input, const Tokens& tokens) const {
  const torch::Tensor named_B = namedArchetype(input);
  const torch::Tensor name_BC = archetype_->forward(named_B.clamp_min(0));
  return tokens.values_BTC + name_BC.masked_fill((named_B < 0).unsqueeze(1), 0.0).unsqueeze(1);
}

Tokens UnifiedModel::softTokens(const UnifiedInput& input, const UnifiedOutput& encoded) const {
  UnifiedOutput shown = encoded;
  hideOthers(input, shown);
  return concatenate({climateSoft_->forward(shown.climate.features_BC, input.climate.keep_B),
                      spectrumSoft_->forward(shown.spectrum.features_BC, shown.spectrum.tokens.keep_BT.any(1)),
                      graphSoft_->forward(shown.graph.latent_BZ, input.graph.keep_B),
                      scalarSoft_->forward(pool(shown.scalars), shown.scalars.keep_BT.any(1))});
}

void UnifiedModel::couple(const UnifiedInput& input, UnifiedOutput& output) {
  hideOthers(input, output);
  language::LanguageInput text = input.text;
  text.soft = softTokens(input, output);
  output.text = language->forward(text);
  const Tokens textTokens{output.text.hidden_BTC, input.text.keep_BT};
  const Tokens softTokens{output.text.softHidden_BPC, text.soft.keep_BT};
  const torch::Tensor read = pool(concatenate({softTokens, textTokens}));
  output.reasoning = reasoning_->forward(read, read);

  fusion::Views views;
  views[fusion::kClimate] = output.climate.tokens;
  views[fusion::kGraph] = output.graph.tokens;
  views[fusion::kSpectrum] = output.spectrum.tokens;
  views[fusion::kText] = textTokens;
  views[fusion::kScalars] = output.scalars;
  output.fusion = fusion->forward(views);
  fusion::Prediction& said = output.fusion.prediction;
  said.viable_B = said.viable_B + wide_->forward(input.scalars, namedArchetype(input.graph), said);
}

torch::Tensor UnifiedModel::contrastiveLoss(const UnifiedInput& input, const UnifiedOutput& output, double temperature,
                                            Contrast::Seen& seen) const {
  // The text's last hidden states have read the other views' soft tokens, so they could agree by copying; its input
  // embeddings have not.
  const Tokens text{language->embed(input.text.ids_BT), input.text.keep_BT};
  Contrast::Features features, keep;
  features[fusion::kClimate] = output.climate.features_BC;
  keep[fusion::kClimate] = input.climate.keep_B;
  features[fusion::kGraph] = output.graph.features_BC;
  keep[fusion::kGraph] = input.graph.keep_B;
  features[fusion::kSpectrum] = output.spectrum.features_BC;
  keep[fusion::kSpectrum] = output.spectrum.tokens.keep_BT.any(1);  // a spectrum without a bin says nothing
  features[fusion::kText] = pool(text);
  keep[fusion::kText] = input.text.keep_BT.any(1);
  return contrast_->loss(features, keep, input.planet_B, temperature, &seen);
}

UnifiedLoss UnifiedModel::loss(const UnifiedInput& input, const UnifiedOutput& output, const spec::LossSpec& weights,
                               const climate::ClimateScale& scale, double klShare) {
  UnifiedLoss loss;
  auto& parts = loss.parts;
  const fusion::SupervisedLoss supervised = fusion::supervisedLoss(output.fusion.prediction, input.targets, weights);
  parts["supervised"] = supervised.total;
  parts["supervised.regime"] = supervised.regime;
  parts["supervised.habitable"] = supervised.habitable;
  parts["supervised.viable"] = supervised.viable;
  parts["supervised.f_hab"] = supervised.fHab;
  parts["supervised.h050"] = supervised.h050;
  parts["reasoning"] = fusion::supervisedLoss(output.reasoning, input.targets, weights).total;
  parts["language"] = language::languageLoss(*language, input.text, output.text).loss;

  const graph::GraphLoss graphTerms = graph::graphLoss(input.graph, output.graph, vocabulary_);
  parts["graph.reactions"] = graphTerms.reactions;
  parts["graph.flux"] = graphTerms.flux;
  parts["graph.kl"] = graphTerms.kl;
  parts["graph"] = graphTerms.reactions + graphTerms.flux + graphTerms.kl * (weights.klWeight * klShare);

  parts["physics.mass_balance"] = graphTerms.massBalance;
  parts["physics.element_balance"] = graphTerms.elementBalance;
  parts["physics.direction"] = graphTerms.direction;
  parts["physics"] = graphTerms.massBalance + graphTerms.elementBalance + graphTerms.direction;
  if (output.climate.hidden.levels_NVCL.defined()) {
    const climate::ClimateLoss cube =
        climate::reconstructionLoss(input.climate, output.climate, scale, climate->grid());
    parts["physics.reconstruction"] = cube.reconstruction;
    parts["physics.energy"] = cube.energy;
    parts["physics.pressure"] = cube.pressure;
    parts["physics.saturation"] = cube.saturation;
    parts["physics"] = parts["physics"] + cube.reconstruction + cube.energy + cube.pressure + cube.saturation;
  }
  parts["contrastive"] = contrastiveLoss(input, output, weights.temperature, loss.seen);

  loss.total = parts["supervised"] * weights.supervised + parts["reasoning"] * weights.reasoning +
               parts["language"] * weights.language + parts["graph"] * weights.graph +
               parts["physics"] * weights.physics + parts["contrastive"] * weights.contrastive;
  return loss;
}

}  // namespace ecumene::models::unified
