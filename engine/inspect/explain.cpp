// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/explain.h"

#include "data/base/error.h"
#include "models/unified/soft_tokens.h"

namespace ecumene::engine::inspect {

using models::unified::SoftTokens;
using models::unified::UnifiedInput;
using models::unified::UnifiedOutput;

models::layers::Tokens softTokens(models::unified::UnifiedModel& model, const UnifiedInput& input,
                                  const UnifiedOutput& encoded) {
  const auto children = model.named_children();
  const auto soft = [&](const std::string& name, const torch::Tensor& features_BC, const torch::Tensor& keep_B) {
    const auto* made = children[name]->as<SoftTokens>();
    if (made == nullptr) throw internalError("the model makes no soft tokens called " + name);
    return made->forward(features_BC, keep_B);
  };
  models::layers::Tokens scalars = encoded.scalars;
  scalars.keep_BT = scalars.keep_BT & input.scalars.present_BN;
  const torch::Tensor spectrum_B = (encoded.spectrum.tokens.keep_BT & input.spectrum.keep_B.unsqueeze(1)).any(1);
  return models::unified::concatenate({soft("climate_soft", encoded.climate.features_BC, input.climate.keep_B),
                                       soft("spectrum_soft", encoded.spectrum.features_BC, spectrum_B),
                                       soft("graph_soft", encoded.graph.latent_BZ, input.graph.keep_B),
                                       soft("scalar_soft", models::unified::pool(scalars), scalars.keep_BT.any(1))});
}

Explanation explain(OpenedRun& run, const Subject& subject, const report::Prediction& prediction,
                    const hf::Sampling& sampling) {
  const torch::NoGradGuard noGradients;
  models::unified::UnifiedModel& model = *run.network.model;
  models::layers::Tokens soft = softTokens(model, subject.input, model.encode(subject.input));
  soft.values_BTC = soft.values_BTC.narrow(0, 0, 1);
  soft.keep_BT = soft.keep_BT.narrow(0, 0, 1);
  Explanation made;
  made.text = hf::generateText(*model.language, *run.content.tokeniser, "", soft, {}, sampling);
  const data::loader::Sample& sample = subject.samples.samples.front();
  made.numbers = checkNumbers(made.text, knownQuantities(sample.scalars, sample.metabolism.metabolism, prediction));
  return made;
}

}  // namespace ecumene::engine::inspect
