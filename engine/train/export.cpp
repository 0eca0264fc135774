// SPDX-License-Identifier: Apache-2.0
#include "engine/train/export.h"

#include <system_error>
#include <vector>

#include "data/base/target_folder.h"
#include "data/batch/content_files.h"
#include "engine/hf/folder.h"
#include "engine/run/commands.h"
#include "engine/train/beginning.h"
#include "engine/train/best_checkpoint.h"
#include "engine/train/changed_options.h"
#include "engine/train/language_network.h"
#include "engine/train/run_content.h"
#include "engine/train/runs.h"

namespace ecumene::engine::train {

namespace fs = std::filesystem;

void saveHuggingFace(const models::language::LanguageModel& model, const config::RunSpec& spec,
                     const data::batch::Tokeniser& tokeniser, const fs::path& run, const fs::path& folder) {
  requireAbsentOrEmpty(folder);
  std::vector<std::int64_t> endTokens = {tokeniser.end()};
  const fs::path begin = firstFolder(spec.train.begin);
  if (!begin.empty() && isHuggingFace(begin)) endTokens = hf::readConfig(begin / "config.json").endTokens;
  try {
    hf::saveFolder(model, endTokens, run / data::batch::kTokeniserFile, folder);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    throw;
  }
}

report::WeightsId exportLanguage(const run::RunDirectory& run, const fs::path& folder) {
  config::RunSpec spec = run::currentSpec(run);
  spec.train.device = "cpu";  // nothing is computed
  prepareTorch(spec.train);
  const torch::NoGradGuard noGradients;
  Loaded loaded;
  if (spec.data.corpus.empty()) {
    const data::batch::TrainingContent content = loadContent(run, spec);
    const Network network = loadBest(run, spec, content, &loaded);
    saveHuggingFace(*network.model->language, spec, *content.tokeniser, run.folder(), folder);
    return loaded.weights();
  }
  const auto tokeniser = data::batch::Tokeniser::load(run.folder() / data::batch::kTokeniserFile);
  const LanguageNetwork network(spec, tokeniser);
  const checkpoint::Checkpoint best = bestCheckpoint(run, loaded);
  withChangesNamed(best.runToml, spec, [&] { loadForEvaluation(best, *network.module, network.attention); });
  saveHuggingFace(*network.model, spec, tokeniser, run.folder(), folder);
  return loaded.weights();
}

}  // namespace ecumene::engine::train
