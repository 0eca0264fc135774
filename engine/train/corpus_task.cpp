// SPDX-License-Identifier: Apache-2.0
#include "engine/train/corpus_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/random.h"
#include "data/batch/content_files.h"
#include "engine/run/commands.h"
#include "engine/train/beginning.h"
#include "engine/train/count.h"
#include "engine/train/export.h"
#include "engine/train/memory.h"
#include "engine/train/rope_warm_up.h"
#include "engine/train/runs.h"
#include "models/layers/dropout.h"

namespace ecumene::engine::train {
namespace {

namespace fs = std::filesystem;

std::string textsIn(const std::vector<std::string>& texts) {
  return counted(static_cast<std::int64_t>(texts.size()), "text", "texts");
}

}  // namespace

CorpusTask::CorpusTask(const run::RunDirectory& run, const config::RunSpec& spec)
    : spec_(spec),
      tokeniser_(data::batch::Tokeniser::load(run.folder() / data::batch::kTokeniserFile)),
      corpus_(readCorpus(spec.data.corpus)),
      learned_(sequencesOf(tokeniser_, corpus_.learned, static_cast<std::size_t>(spec.data.textLength))),
      heldOut_(sequencesOf(tokeniser_, corpus_.heldOut, static_cast<std::size_t>(spec.data.textLength))),
      network_(spec, tokeniser_),
      learner_(network_.module, network_.attention, spec.train) {
  network_.module->train();
}

std::string CorpusTask::about() const {
  return fmt::format("{} in {}; {} held out; {}, on {}", textsIn(corpus_.learned),
                     counted(static_cast<std::int64_t>(learned_.pieces.size()), "sequence", "sequences"),
                     textsIn(corpus_.heldOut), counted(spec_.train.threads, "thread", "threads"),
                     network_.device.str());
}

std::string CorpusTask::learnsFrom() const {
  return fmt::format("{}, {} held out, SHA-256 {}", textsIn(corpus_.learned), textsIn(corpus_.heldOut), corpus_.sha256);
}

optim::NamedTensors CorpusTask::beginning() const {
  return beginningWeights(spec_.train.begin, tokeniser_.sha256(), {});
}

void CorpusTask::start(std::int64_t epoch, std::int64_t position) {
  position_ = position;
  order_.resize(learned_.pieces.size());
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  // Fisher & Yates.
  Random random(static_cast<std::uint64_t>(spec_.train.seed), "corpus", static_cast<std::uint64_t>(epoch));
  for (std::size_t i = order_.size(); i > 1; --i) {
    std::swap(order_[i - 1], order_[random.below(static_cast<std::uint32_t>(i))]);
  }
}

StepGradient CorpusTask::gradient(const config::RunSpec& spec, const StepKey& key) {
  const auto perStep = static_cast<std::size_t>(spec.train.microBatch * spec.train.accumulate);
  const auto first = static_cast<std::size_t>(position_);
  const std::size_t last = std::min(first + perStep, order_.size());
  PieceList sequences;
  for (std::size_t i = first; i < last; ++i) sequences.push_back(&learned_.pieces[order_[i]]);
  if (sequences.empty()) return {};
  StepGradient made = gradientOf(sequences, spec, key);
  for (std::size_t i = first; i < last; ++i) {
    made.sampleIds.push_back(fmt::format("text {}", learned_.text[order_[i]] + 1));
  }
  position_ = static_cast<std::int64_t>(last);
  return made;
}

void CorpusTask::tryGradient(const config::RunSpec& spec, const StepKey& key) {
  PieceList sequences;
  for (const auto& pieces : learned_.pieces) sequences.push_back(&pieces);
  std::ranges::stable_sort(sequences, std::ranges::greater{}, [](const auto* pieces) { return pieces->size(); });
  sequences.resize(std::min(sequences.size(), static_cast<std::size_t>(spec.train.microBatch)));
  (void)gradientOf(sequences, spec, key);
}

StepGradient CorpusTask::gradientOf(const PieceList& sequences, const config::RunSpec& spec, const StepKey& key) {
  learner_.zeroGradients();
  models::layers::setDropout(*network_.model, spec.model.language.dropout);
  const std::int64_t longest = textAtReach(key.ropeReach, spec.data.textLength);
  StepGradient made;
  for (const auto* pieces : sequences) made.tokens += std::min(static_cast<std::int64_t>(pieces->size()), longest);
  made.samples = static_cast<std::int64_t>(sequences.size());
  // A sequence's first piece is not scored.
  const auto scored = static_cast<double>(made.tokens - made.samples);
  const ReachGuard guard(*network_.model, key.ropeReach);
  const auto micro = static_cast<std::size_t>(spec.train.microBatch);
  for (std::size_t first = 0; first < sequences.size(); first += micro) {
    const std::uint64_t seed = dropoutSeed(spec.train.seed, key.step, static_cast<std::int64_t>(first / micro));
    const models::layers::DropoutNumbers numbers(seed);
    if (!network_.device.is_cpu()) torch::manual_seed(seed);
    models::language::LanguageInput input = network_.input(sequences, first, std::min(first + micro, sequences.size()));
    cutTexts(input, longest);
    models::language::LanguageLoss loss;
    {
      const Autocast autocast(spec.train.precision, network_.device);
      loss = languageLoss(*network_.model, input, network_.model->forward(input));
    }
    const torch::Tensor weighted = loss.loss * (static_cast<double>(loss.scored) / scored);
    (key.lossScale == 1.0 ? weighted : weighted * key.lossScale).backward();
    made.loss += weighted.item<double>();
  }
  if (key.lossScale != 1.0) learner_.scaleGradients(1.0 / key.lossScale);
  made.parts["language"] = made.loss;
  measureGradient(learner_, made);
  return made;
}

Evaluation CorpusTask::evaluate(const config::RunSpec& spec) {
  Evaluation made;
  made.samples = static_cast<std::int64_t>(corpus_.heldOut.size());
  made.score = network_.judge(heldOut_, corpus_.heldOut.size(), spec.train).meanNll();
  made.metrics = {{"validation.language", made.score}, {"validation.perplexity", std::exp(made.score)}};
  return made;
}

std::string CorpusTask::inWords(const Evaluation& evaluation) const {
  return fmt::format("perplexity of held-out texts {:.2f}", std::exp(evaluation.score));
}

void CorpusTask::conclude(run::RunDirectory& run, const std::string& reason) {
  const torch::NoGradGuard noGradients;
  AdaptationReport made;
  made.run = run.folder().filename().string();
  made.corpus = spec_.data.corpus;
  made.corpusSha256 = corpus_.sha256;
  made.begin = spec_.train.begin;
  made.options = config::toToml(run::currentSpec(run));
  made.ended = reason;
  made.learnedTexts = corpus_.learned.size();
  made.heldOutTexts = corpus_.heldOut.size();
  made.learnedPieces = learned_.scored();
  made.heldOutPieces = heldOut_.scored();
  for (const auto& parameter : network_.module->parameters()) made.parameters += parameter.numel();
  for (const auto& parameter : learner_.learning()) made.learning += parameter.numel();
  const auto said = [&](const LanguageNetwork& network) {
    return withAdvice(spec_, [&] { return network.judge(heldOut_, corpus_.heldOut.size(), spec_.train); });
  };
  LanguageNetwork network(spec_, tokeniser_);
  if (!spec_.train.begin.empty()) beginWith(beginning(), *network.module);
  const HeldOut before = said(network);
  Loaded loaded;
  loadForEvaluation(bestCheckpoint(run, loaded), *network.module, network.attention);
  compare(made, before, said(network));
  made.steps = loaded.lastStep;
  made.epochs = loaded.epochs;
  made.bestStep = loaded.step;
  made.note = saveHuggingFace(run, network);
  run.event(made.steps, "perplexity", fmt::format("{:.4g} before, {:.4g} after", made.before.value, made.after.value));
  writeFileAtomically(run.folder() / "report.json", toJson(made));
  writeFileAtomically(run.folder() / "report.md", toMarkdown(made));
}

std::string CorpusTask::saveHuggingFace(const run::RunDirectory& run, const LanguageNetwork& network) const {
  const fs::path folder = run.folder() / "hf";
  fs::remove_all(folder);
  try {
    train::saveHuggingFace(*network.model, spec_, tokeniser_, run.folder(), folder);
    return "The adapted model is in `hf`, a folder as Hugging Face's transformers keeps it.";
  } catch (const Error& error) {
    return std::string("There is no Hugging Face folder of the adapted model: ") + error.what();
  }
}

}  // namespace ecumene::engine::train
