// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/explain.h"

namespace ecumene::engine::inspect {

Explanation explain(OpenedRun& run, const Subject& subject, const report::Prediction& prediction,
                    const hf::Sampling& sampling) {
  const torch::NoGradGuard noGradients;
  models::unified::UnifiedModel& model = *run.network.model;
  models::layers::Tokens soft = model.softTokens(subject.input, model.encode(subject.input));
  soft.values_BTC = soft.values_BTC.narrow(0, 0, 1);
  soft.keep_BT = soft.keep_BT.narrow(0, 0, 1);
  Explanation made;
  made.text = hf::generateText(*model.language, *run.content.tokeniser, "", soft, {}, sampling);
  const data::loader::Sample& sample = subject.samples.samples.front();
  made.numbers = checkNumbers(made.text, knownQuantities(sample.scalars, sample.metabolism.metabolism, prediction));
  return made;
}

}  // namespace ecumene::engine::inspect
