// SPDX-License-Identifier: Apache-2.0
#include "engine/train/run_facts.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <map>

#include "data/base/files.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/run/commands.h"
#include "engine/run/events.h"
#include "engine/train/best_checkpoint.h"
#include "engine/train/corpus.h"
#include "engine/train/count.h"
#include "engine/train/draws.h"
#include "engine/train/learner.h"
#include "engine/train/run_content.h"
#include "engine/train/runs.h"
#include "models/spec/attention_kind.h"

namespace ecumene::engine::train {
namespace {

/// What the run was made of, and why it ended.
void readEvents(const run::RunDirectory& run, report::RunFacts& facts) {
  for (const run::Event& event : run::eventsOf(run, {"made", "finished", "stopped"})) {
    (event.kind == "made" ? facts.preset : facts.ended) = event.text;
  }
}

/// Parameters by part, as the checkpoint's tensors have them.
std::vector<std::pair<std::string, std::int64_t>> partsOf(const checkpoint::Manifest& manifest) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& [name, tensor] : manifest.tensors.at("model")) {
    std::int64_t values = 1;
    for (const std::int64_t size : tensor.shape) values *= size;
    counts[std::string(config::kPartNames.at(partOf(name)))] += values;
  }
  std::vector<std::pair<std::string, std::int64_t>> parts;
  for (const std::string_view part : config::kPartNames) {
    const auto found = counts.find(std::string(part));
    if (found != counts.end()) parts.emplace_back(*found);
  }
  return parts;
}

/// Whether there is a report of the weights of this step.
bool isReported(const run::RunDirectory& run, std::int64_t step) {
  const std::filesystem::path mark = checkpoint::folderOf(run.checkpoints(), step) / "manifest.sha256";
  if (!std::filesystem::exists(mark)) return false;
  const std::string text = readFile(mark);
  return report::isReported(run.folder(), {step, text.substr(0, text.find(' '))});
}

report::AdaptedTo corpusOf(const run::RunDirectory& run, const config::RunSpec& spec) {
  const Corpus corpus = readCorpus(spec.data.corpus);
  report::AdaptedTo made{.file = spec.data.corpus,
                         .sha256 = corpus.sha256,
                         .begin = spec.train.begin,
                         .learnedTexts = corpus.learned.size(),
                         .heldOutTexts = corpus.heldOut.size(),
                         .perplexity = {}};
  for (const run::Event& event : run::eventsOf(run, {"perplexity"})) made.perplexity = event.text;
  return made;
}

}  // namespace

report::RunFacts runFacts(const run::RunDirectory& run, const std::string& program) {
  const checkpoint::Manifest manifest = checkpoint::readManifest(lastCheckpoint(run));
  const config::RunSpec spec = currentSpec(run);
  report::RunFacts facts;
  facts.name = run.folder().filename().string();
  facts.options = config::toToml(spec);
  facts.program = program;
  // It may be looked at on a machine without the GPU that it was trained on.
  const bool onGpu = spec.train.device == "cuda" || !deviceOf(spec.train).is_cpu();
  facts.device = onGpu ? "GPU" : "CPU, " + counted(spec.train.threads, "thread", "threads");
  facts.attention = models::spec::inRuns(manifest.attention);
  facts.seed = spec.train.seed;
  facts.steps = manifest.progress.step;
  facts.epochs = manifest.progress.epoch;
  facts.trainSeconds = manifest.progress.seconds;
  facts.weights.step = manifest.progress.bestStep < 0 ? manifest.progress.step : manifest.progress.bestStep;
  facts.validated = manifest.progress.bestStep >= 0;
  facts.trainSplit = data::planet::name(trainSplit(spec.data));
  facts.learnsFromParts = learnsFromParts(spec.data);
  facts.tokeniser = spec.data.tokeniser;
  facts.scalarError = spec.data.scalarError;
  facts.finished = fmt::format("{:%FT%TZ}", fmt::gmtime(std::time(nullptr)));
  facts.parameters = partsOf(manifest);
  readEvents(run, facts);
  return facts;
}

void writeCards(const run::RunDirectory& run, const std::string& program) {
  const report::RunFacts facts = runFacts(run, program);
  const config::RunSpec spec = currentSpec(run);
  // The evaluation of these weights has told more than this can.
  if (spec.data.corpus.empty() && isReported(run, facts.weights.step)) return;
  std::string model, data;
  if (spec.data.corpus.empty()) {
    report::Report unscored;
    unscored.facts = facts;
    model = report::modelCard(unscored);
    data = report::dataCard(facts, storeOf(spec));
  } else {
    const report::AdaptedTo corpus = corpusOf(run, spec);
    model = report::adaptationCard(facts, corpus);
    data = report::corpusCard(corpus);
  }
  writeFileAtomically(run.folder() / "model_card.md", model);
  writeFileAtomically(run.folder() / "data_card.md", data);
}

}  // namespace ecumene::engine::train
