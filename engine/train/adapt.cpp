// SPDX-License-Identifier: Apache-2.0
#include "engine/train/adapt.h"

#include <algorithm>
#include <memory>

#include "data/base/files.h"
#include "data/batch/content_files.h"
#include "engine/hf/folder.h"
#include "engine/run/commands.h"
#include "engine/train/beginning.h"
#include "engine/train/corpus_task.h"
#include "engine/train/learner.h"

namespace ecumene::engine::train {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kHuggingFaceEpochs = 3;
constexpr double kHuggingFaceRate = 1e-4;
constexpr std::int64_t kLongestText = 512;

}  // namespace

config::RunSpec adaptationSpec(const fs::path& from, const fs::path& corpus) {
  config::RunSpec spec;
  if (isHuggingFace(from)) {
    spec.model.language = hf::readConfig(from / "config.json").language;
    spec.data.textLength = std::min(kLongestText, spec.model.language.contextLength);
    spec.train.epochs = kHuggingFaceEpochs;
    spec.train.learningRate = kHuggingFaceRate;
  } else {
    spec = run::currentSpec(run::RunDirectory::open(from));
  }
  spec.data.corpus = corpus.string();
  spec.train.parts = "language";
  // All of a run's language part, whether that run has trained it or begun with it.
  spec.train.begin = fs::absolute(from).lexically_normal().string() + (isHuggingFace(from) ? "" : ":language");
  return spec;
}

void newAdaptation(config::RunSpec spec, const fs::path& folder) {
  spec.data.corpus = fs::absolute(spec.data.corpus).lexically_normal().string();
  config::validate(spec);
  (void)deviceOf(spec.train);
  (void)readCorpus(spec.data.corpus);
  const std::string tokeniser = readFile(firstFolder(spec.train.begin) / data::batch::kTokeniserFile);
  run::RunDirectory run = run::RunDirectory::create(folder, spec);
  writeFileAtomically(run.folder() / data::batch::kTokeniserFile, tokeniser);
  run.event(0, "made", "adapt");
  run.flush();
}

Outcome adapt(run::RunDirectory& run, const TrainOptions& options) {
  return trainOn(run, options, [&](const config::RunSpec& spec) { return std::make_unique<CorpusTask>(run, spec); });
}

}  // namespace ecumene::engine::train
