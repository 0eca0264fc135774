// SPDX-License-Identifier: Apache-2.0
#include "engine/train/run_content.h"

#include <string>

#include "data/base/error.h"

namespace ecumene::engine::train {
namespace {

using data::batch::TrainingContent;

void requireFits(const TrainingContent& content, const config::RunSpec& spec, const std::string& folder) {
  const std::size_t pieces = content.tokeniser->pieces();
  if (pieces <= static_cast<std::size_t>(spec.model.language.vocabulary)) return;
  throw Error("the tokeniser has more pieces than the model has rows for them")
      .on(spec.data.tokeniser.empty() ? folder : spec.data.tokeniser)
      .expected("at most model.language.vocabulary = " + std::to_string(spec.model.language.vocabulary))
      .found(std::to_string(pieces))
      .next("set model.language.vocabulary=" + std::to_string(pieces));
}

}  // namespace

data::planet::Split trainSplit(const config::DataSpec& spec) {
  return spec.split == "real" ? data::planet::Split::kReal : data::planet::Split::kTrain;
}

TrainingContent makeContent(const data::store::Store& store, const config::RunSpec& spec,
                            const std::filesystem::path& folder) {
  data::batch::ContentOptions options;
  options.split = trainSplit(spec.data);
  options.training.vocabulary = static_cast<std::size_t>(spec.model.language.vocabulary);
  options.tokeniser = spec.data.tokeniser;
  TrainingContent content = data::batch::makeTrainingContent(store, folder, options);
  requireFits(content, spec, folder.string());
  return content;
}

TrainingContent loadContent(const std::filesystem::path& folder, const config::RunSpec& spec) {
  TrainingContent content = data::batch::loadTrainingContent(folder);
  requireFits(content, spec, folder.string());
  return content;
}

}  // namespace ecumene::engine::train
