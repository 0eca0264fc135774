// SPDX-License-Identifier: Apache-2.0
#include "engine/train/adapt.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <sstream>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/random.h"
#include "engine/hf/folder.h"
#include "engine/optim/ema.h"
#include "engine/optim/optimiser.h"
#include "engine/optim/schedule.h"
#include "engine/run/commands.h"
#include "engine/train/adapt_report.h"
#include "engine/train/beginning.h"
#include "engine/train/checkpoint_keeper.h"
#include "engine/train/corpus.h"
#include "engine/train/guard.h"
#include "engine/train/language_learner.h"
#include "engine/train/rope_warm_up.h"
#include "engine/train/runs.h"

namespace ecumene::engine::train {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kTokeniser = "tokenizer.model";
constexpr std::int64_t kHuggingFaceEpochs = 3;
constexpr double kHuggingFaceRate = 1e-4;
constexpr std::int64_t kLongestText = 512;

std::string firstOf(const std::string& begin) {
  return begin.substr(0, begin.find(','));
}

class Adaptation {
 public:
  Adaptation(run::RunDirectory& run, const TrainOptions& options)
      : run_(run),
        options_(options),
        spec_(currentSpec(run)),
        tokeniser_(data::batch::Tokeniser::load(run.folder() / kTokeniser)),
        corpus_(readCorpus(spec_.data.corpus)),
        learned_(sequencesOf(tokeniser_, corpus_.learned, static_cast<std::size_t>(spec_.data.textLength))),
        heldOut_(sequencesOf(tokeniser_, corpus_.heldOut, static_cast<std::size_t>(spec_.data.textLength))),
        learner_(spec_, tokeniser_),
        keeper_(run) {}

  Outcome train() {
    resume();
    run_.setState(run::State::kRunning);
    while (progress_.epoch < spec_.train.epochs && !hasWaitedLongEnough()) {
      shuffle();
      while (progress_.position < stepsPerEpoch()) {
        step();
        if (const auto ending = boundary()) return finish(*ending, reason_);
      }
      ++progress_.epoch;
      progress_.position = 0;
      evaluateNow();
    }
    const std::string reason = hasWaitedLongEnough()
                                   ? fmt::format("no better score in {} evaluations", progress_.sinceBest)
                                   : fmt::format("all {} epochs are done", spec_.train.epochs);
    const Outcome outcome = finish(Ending::kFinished, reason);
    report(reason);
    run_.flush();
    return outcome;
  }

  [[nodiscard]] std::int64_t stepsMade() const { return progress_.step; }

 private:
  [[nodiscard]] std::int64_t perStep() const { return spec_.train.microBatch * spec_.train.accumulate; }
  [[nodiscard]] std::int64_t stepsPerEpoch() const {
    return (static_cast<std::int64_t>(learned_.pieces.size()) + perStep() - 1) / perStep();
  }
  [[nodiscard]] std::int64_t totalSteps() const { return stepsPerEpoch() * spec_.train.epochs; }
  [[nodiscard]] bool hasWaitedLongEnough() const {
    return spec_.train.patience > 0 && progress_.sinceBest >= spec_.train.patience;
  }

  void resume() {
    const auto newest = checkpoint::newest(run_.checkpoints());
    if (newest) {
      const checkpoint::Checkpoint checkpoint = checkpoint::read(*newest);
      learner_.restore(checkpoint);
      progress_ = checkpoint.progress;
      guard_.load(progress_.numbers);
      run_.forgetAfter(progress_.step);
      requireSameCorpus();
      run_.event(progress_.step, "resumed", "from " + newest->filename().string());
      return;
    }
    run_.event(0, "corpus", corpus_.sha256);
    run_.event(0, "attention", models::spec::inRuns(learner_.attention()));
    learner_.begin(spec_.train.begin, tokeniser_.sha256());
    if (!spec_.train.begin.empty()) run_.event(0, "began_with", spec_.train.begin);
    run_.event(
        0, "started",
        fmt::format("{} texts in {} sequences; {} texts held out; {} threads, on {}", corpus_.learned.size(),
                    learned_.pieces.size(), corpus_.heldOut.size(), spec_.train.threads, learner_.device().str()));
    evaluateNow();
  }

  void requireSameCorpus() const {
    for (const run::Event& event : run_.eventsAfter(0)) {
      if (event.kind != "corpus" || event.text == corpus_.sha256) continue;
      throw Error("the corpus is not what the run began with")
          .on(spec_.data.corpus)
          .expected("SHA-256 " + event.text)
          .found(corpus_.sha256);
    }
  }

  /// The epoch's order, a function of seed and epoch (Fisher & Yates).
  void shuffle() {
    order_.resize(learned_.pieces.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    Random random(static_cast<std::uint64_t>(spec_.train.seed), "corpus", static_cast<std::uint64_t>(progress_.epoch));
    for (std::size_t i = order_.size(); i > 1; --i) {
      std::swap(order_[i - 1], order_[random.below(static_cast<std::uint32_t>(i))]);
    }
  }

  void step() {
    const double rate = optim::learningRate(spec_.train, progress_.step, totalSteps());
    const double reach = ropeReach(spec_.train, progress_.step, totalSteps());
    const auto first = static_cast<std::size_t>(progress_.position * perStep());
    const std::size_t end = std::min(first + static_cast<std::size_t>(perStep()), order_.size());
    std::vector<const std::vector<std::int64_t>*> chosen;
    for (std::size_t i = first; i < end; ++i) chosen.push_back(&learned_.pieces[order_[i]]);
    const LanguageGradient gradient = learner_.gradient(chosen, progress_.step, reach);
    ++progress_.position;
    ++progress_.step;
    if (guard_.judge(gradient.loss, gradient.norm, spec_.train.spike) != Verdict::kGood) {
      run_.event(progress_.step, "skipped", guard_.reason());
      if (++skipped_ < Guard::kPatience) return;
      throw Error(fmt::format("{} bad steps in a row", skipped_))
          .on(fmt::format("step {}", progress_.step))
          .found(guard_.reason())
          .next("lower train.lr");
    }
    skipped_ = 0;
    learner_.update(rate);
    sequencesHere_ += static_cast<std::int64_t>(chosen.size());
    if (progress_.step % spec_.train.journalSteps == 0) {
      run_.metrics(progress_.step, {{"loss.total", gradient.loss},
                                    {"loss.language", gradient.loss},
                                    {"gradient.norm", gradient.norm},
                                    {"learning_rate", rate},
                                    {"rope_reach", reach}});
    }
    tell(gradient.loss, rate, {});
  }

  std::optional<Ending> boundary() {
    keeper_.collect();
    if (options_.interrupted && options_.interrupted()) {
      reason_ = "asked to by a signal";
      return Ending::kInterrupted;
    }
    for (const run::Command& command : run_.commands("requested")) {
      if (command.word == "stop") {
        run_.answer(command.id, "done", fmt::format("at step {}", progress_.step));
        reason_ = "asked to by a command";
        return Ending::kStopped;
      }
      if (command.word == "checkpoint") {
        keeper_.answerWhenWritten(command.id, progress_.step);
        save();
      } else {
        run_.answer(command.id, "refused", "an adaptation takes the commands stop and checkpoint");
      }
    }
    if (keeper_.isDue(spec_.train)) save();
    return std::nullopt;
  }

  void save() { keeper_.save(learner_.capture(), progress_, guard_, LossScale(false), spec_); }

  void evaluateNow() {
    const HeldOut said = learner_.judge(heldOut_, corpus_.heldOut.size());
    const double score = said.meanNll();
    run_.metrics(progress_.step, {{"validation.language", score}, {"validation.perplexity", std::exp(score)}});
    const bool better = std::isfinite(score) && (progress_.bestStep < 0 || !(score >= progress_.bestScore));
    if (better) {
      progress_.bestScore = score;
      progress_.bestStep = progress_.step;
      progress_.sinceBest = 0;
    } else {
      ++progress_.sinceBest;
    }
    save();
    tell(score, std::numeric_limits<double>::quiet_NaN(),
         fmt::format("epoch {}: perplexity of held-out texts {:.2f}{}", progress_.epoch, std::exp(score),
                     better ? ", the best so far" : ""));
  }

  Outcome finish(Ending ending, const std::string& reason) {
    if (keeper_.savedStep() != progress_.step) save();
    keeper_.finish();
    run_.event(progress_.step, ending == Ending::kFinished ? "finished" : "stopped", reason);
    run_.setState(ending == Ending::kFinished ? run::State::kFinished : run::State::kStopped, reason);
    run_.flush();
    return {ending, progress_.step, reason};
  }

  void report(const std::string& ended) {
    AdaptationReport made;
    made.run = run_.folder().filename().string();
    made.corpus = spec_.data.corpus;
    made.corpusSha256 = corpus_.sha256;
    made.begin = spec_.train.begin;
    made.options = config::toToml(spec_);
    made.ended = ended;
    made.steps = progress_.step;
    made.epochs = progress_.epoch;
    made.learnedTexts = corpus_.learned.size();
    made.heldOutTexts = corpus_.heldOut.size();
    made.learnedPieces = learned_.scored();
    made.heldOutPieces = heldOut_.scored();
    std::tie(made.parameters, made.learning) = learner_.counts();
    Loaded loaded;
    const checkpoint::Checkpoint best = bestCheckpoint(run_, loaded);
    made.bestStep = loaded.step;
    learner_.load(best);
    const HeldOut after = learner_.judge(heldOut_, corpus_.heldOut.size());
    made.note = saveHuggingFace();
    LanguageLearner first(spec_, tokeniser_);
    first.begin(spec_.train.begin, tokeniser_.sha256());
    compare(made, first.judge(heldOut_, corpus_.heldOut.size()), after);
    run_.event(progress_.step, "perplexity",
               fmt::format("{:.4g} before, {:.4g} after", made.before.value, made.after.value));
    writeFileAtomically(run_.folder() / "report.json", toJson(made));
    writeFileAtomically(run_.folder() / "report.md", toMarkdown(made));
  }

  /// What a reader must know of the folder `hf`.
  std::string saveHuggingFace() {
    const fs::path folder = run_.folder() / "hf";
    fs::remove_all(folder);
    try {
      std::vector<std::int64_t> endTokens = {tokeniser_.end()};
      const fs::path begin = firstOf(spec_.train.begin);
      if (!begin.empty() && isHuggingFace(begin)) endTokens = hf::readConfig(begin / "config.json").endTokens;
      hf::saveFolder(learner_.model(), endTokens, run_.folder() / kTokeniser, folder);
      return "The adapted model is in `hf`, a folder as Hugging Face's transformers keeps it.";
    } catch (const Error& error) {
      fs::remove_all(folder);
      return std::string("There is no Hugging Face folder of the adapted model: ") + error.what();
    }
  }

  void tell(double loss, double rate, const std::string& note) const {
    if (!options_.onStep) return;
    const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
    Status status;
    status.step = progress_.step;
    status.steps = totalSteps();
    status.epoch = progress_.epoch;
    status.epochs = spec_.train.epochs;
    status.loss = loss;
    status.learningRate = rate;
    status.samplesPerSecond = static_cast<double>(sequencesHere_) / seconds;
    const double perSecond = status.samplesPerSecond / static_cast<double>(perStep());
    status.secondsLeft = perSecond > 0.0 ? static_cast<double>(totalSteps() - progress_.step) / perSecond
                                         : std::numeric_limits<double>::quiet_NaN();
    status.note = note;
    options_.onStep(status);
  }

  run::RunDirectory& run_;
  const TrainOptions& options_;
  const config::RunSpec spec_;
  const data::batch::Tokeniser tokeniser_;
  const Corpus corpus_;
  const Sequences learned_, heldOut_;
  LanguageLearner learner_;
  Guard guard_;
  checkpoint::Progress progress_;
  std::vector<std::size_t> order_;
  std::string reason_;
  std::int64_t skipped_ = 0, sequencesHere_ = 0;
  Clock::time_point begun_ = Clock::now();
  CheckpointKeeper keeper_;
};

}  // namespace

config::RunSpec adaptationSpec(const fs::path& from, const fs::path& corpus) {
  config::RunSpec spec;
  if (isHuggingFace(from)) {
    spec.model.language = hf::readConfig(from / "config.json").language;
    spec.data.textLength = std::min(kLongestText, spec.model.language.contextLength);
    spec.train.epochs = kHuggingFaceEpochs;
    spec.train.learningRate = kHuggingFaceRate;
  } else {
    spec = currentSpec(run::RunDirectory::open(from));
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
  (void)readCorpus(spec.data.corpus);
  std::string from = firstOf(spec.train.begin);
  if (from.ends_with(":language")) from.erase(from.rfind(':'));
  const std::string tokeniser = readFile(fs::path(from) / kTokeniser);
  run::RunDirectory run = run::RunDirectory::create(folder, spec);
  writeFileAtomically(run.folder() / kTokeniser, tokeniser);
  run.event(0, "made", "adapt");
  run.flush();
}

Outcome adapt(run::RunDirectory& run, const TrainOptions& options) {
  std::int64_t step = 0;
  try {
    prepareTorch(run.spec().train);
    Adaptation adaptation(run, options);
    try {
      return adaptation.train();
    } catch (...) {
      step = adaptation.stepsMade();
      throw;
    }
  } catch (const std::exception& error) {
    run.event(step, "failed", error.what());
    run.setState(run::State::kFailed, error.what());
    run.flush();
    throw;
  }
}

}  // namespace ecumene::engine::train
