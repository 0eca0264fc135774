// SPDX-License-Identifier: Apache-2.0
#include "engine/train/evaluate_run.h"

#include <algorithm>
#include <exception>
#include <map>

#include "data/base/error.h"
#include "engine/report/baselines.h"
#include "engine/report/report.h"
#include "engine/run/events.h"
#include "engine/train/append.h"
#include "engine/train/ask_planets.h"
#include "engine/train/attention_file.h"
#include "engine/train/calibration.h"
#include "engine/train/hulls.h"
#include "engine/train/memory.h"
#include "engine/train/predictions.h"
#include "engine/train/run_content.h"
#include "engine/train/run_facts.h"
#include "engine/train/run_networks.h"
#include "engine/train/runs.h"
#include "engine/train/shuffled_views.h"

namespace ecumene::engine::train {
namespace {

using data::planet::Split;
using report::Prediction;
using report::PredictorKind;

/// Train samples whose embeddings the hulls are made of, and whose fluxes give the medians that estimates stand beside.
constexpr std::size_t kLearnedSamples = 256;
/// Networks that are drawn, and as many held-out ones that have to find removed reactions again.
constexpr std::size_t kNetworks = 32;
/// Training networks that those drawn are held against: more take long to read.
constexpr std::size_t kLearnedNetworks = 1024;
/// Test planets whose attention is kept.
constexpr std::size_t kAttended = 64;
/// Test systems that are asked about with the views of others.
constexpr std::size_t kShuffledSystems = 48;
/// Samples of a split that are asked with every subset of the views, 27 more than those that a run is judged by.
constexpr std::size_t kAblatedSamples = 128;

Split splitNamed(const std::string& wanted) {
  for (const Split split : {Split::kTrain, Split::kValidation, Split::kTest, Split::kReal, Split::kObserved}) {
    if (data::planet::name(split) == wanted) return split;
  }
  throw Error("there is no such split to evaluate", ErrorKind::kUsage)
      .on("--split " + wanted)
      .expected("one of train, validation, test, real, observed");
}

class Evaluator {
 public:
  Evaluator(run::RunDirectory& run, const config::RunSpec& spec, const EvaluateOptions& options)
      : run_(run),
        options_(options),
        spec_(spec),
        store_(storeOf(spec_)),
        content_(loadContent(run, spec_)),
        network_(loadBest(run, spec_, content_, &progress_)),
        facts_(store_) {}

  Evaluated run() {
    std::vector<Split> splits = {Split::kValidation};
    for (const std::string& name : options_.splits) {
      const Split split = splitNamed(name);
      if (std::ranges::find(splits, split) == splits.end()) splits.push_back(split);
    }
    removeStale(run_.artifacts(), progress_.weights());
    Predictions made;
    std::vector<report::ScalarRow> wanted;
    Hulls::Known known;
    for (const Split split : splits) {
      if (split == Split::kObserved) continue;
      Predictions rows = predictSplit(split, report::judgedSubsets(), 0);
      append(made.networks, std::move(rows.networks));
      addHeads(made, std::move(rows));
      if (split != Split::kValidation && options_.ablation) {
        addHeads(made, predictSplit(split, report::otherSubsets(), kAblatedSamples));
      }
      const auto scalars = report::scalarRows(store_, filterOf(split));
      wanted.insert(wanted.end(), scalars.begin(), scalars.end());
      known.merge(report::planetQuantities(store_, filterOf(split)));
    }
    if (made.fusion.empty()) {
      throw Error("there is no planet to evaluate")
          .on(store_.folder().string())
          .expected("planets of " + words(splits));
    }
    if (options_.ablation && std::ranges::find(splits, Split::kTest) != splits.end()) {
      append(made.fusion, predictShuffled(network_, spec_, content_, store_, facts_, Split::kTest, kShuffledSystems,
                                          showing("predicting test shuffled")));
    }
    const Predictions learned = predictSplit(trainSplit(spec_.data), report::hullSubsets(), kLearnedSamples);
    const Hulls hulls = judge(made.fusion, known, learned.fusion);
    if (std::ranges::find(splits, Split::kObserved) != splits.end()) append(made.fusion, observed(hulls));
    const report::FluxCalibration fluxes = report::validationFluxes(made.networks);
    std::vector<report::GraphScore> graph = networkScores(made.networks, learned.networks);
    std::vector<report::Predictor> all = predictors(std::move(made), wanted);
    stopIfAsked();
    report::Written written =
        report::writeReport(run_.folder(), facts(hulls, splits), std::move(all), std::move(graph), store_);
    Calibration(std::move(written.conformal), fluxes).save(run_.artifacts(), progress_.weights());
    hulls.save(run_.artifacts(), progress_.weights());
    if (std::ranges::find(splits, Split::kTest) != splits.end()) keepAttention();
    run_.event(progress_.step, "evaluated", words(splits));
    run_.flush();
    return {std::move(written.report), std::move(written.inShort)};
  }

 private:
  /// Rows of the heads; those of networks are one for each sample, whatever it is asked with.
  static void addHeads(Predictions& made, Predictions more) {
    append(made.fusion, std::move(more.fusion));
    append(made.reasoning, std::move(more.reasoning));
  }

  void stopIfAsked() const {
    if (!options_.stop || !options_.stop()) return;
    const std::string folder = run_.folder().string();
    throw Error("the evaluation was interrupted", ErrorKind::kCancelled)
        .on(folder)
        .next("make it again: ecumene-train eval " + folder);
  }

  /// Says how far it is, and ends it if it is to stop.
  void show(std::size_t done, std::size_t all, const std::string& what) const {
    if (options_.progress) options_.progress(done, all, what);
    stopIfAsked();
  }
  [[nodiscard]] Progress showing(const std::string& what) const {
    return [this, what](std::size_t done, std::size_t all, std::string_view) { show(done, all, what); };
  }

  static std::string words(const std::vector<Split>& splits) {
    std::string names;
    for (const Split split : splits) names += (names.empty() ? "" : ", ") + std::string(data::planet::name(split));
    return names;
  }

  Predictions predictSplit(Split split, std::vector<unsigned> subsets, std::size_t most) {
    // A few samples are of as many planets as there are; of all, those of a planet come together, which is cheaper.
    Feed feed(store_, content_, spec_, most > 0 ? ofSplit(split, spec_) : forEvaluation(split, spec_));
    if (feed.samples() == 0) return {};
    PredictOptions options;
    options.subsets = std::move(subsets);
    options.train = spec_.train;
    options.mostSamples = most;
    options.progress = [&](std::size_t samples) {
      const std::size_t all = most == 0 ? feed.samples() : std::min(most, feed.samples());
      show(std::min(samples, all), all, "predicting " + std::string(data::planet::name(split)));
    };
    return predict(network_, feed, facts_, options);
  }

  /// Flags of what lies outside of what was trained on. `known`: of the planets of the rows; `learned`: rows of train
  /// samples.
  Hulls judge(std::vector<Prediction>& rows, const Hulls::Known& known, const std::vector<Prediction>& learned) {
    std::vector<Prediction> validation;
    for (const Prediction& row : rows) {
      if (row.split == data::planet::name(Split::kValidation)) validation.push_back(row);
    }
    const auto ranges = report::planetQuantities(store_, filterOf(trainSplit(spec_.data)));
    const Hulls hulls = Hulls::fit(learned, validation, ranges);
    for (Prediction& row : rows) {
      const auto found = known.find(row.planet);
      if (found != known.end() && !row.embedding.empty()) hulls.judge(found->second.front(), row);
    }
    return hulls;
  }

  /// Planets with measured spectra have no climate and no labels: they are listed and never scored.
  std::vector<Prediction> observed(const Hulls& hulls) {
    std::vector<std::string> planets;
    for (const data::store::Row& row : store_.list(filterOf(Split::kObserved))) {
      if (row.spectra > 0) planets.push_back(row.id);
    }
    return Asker{spec_, content_, store_, hulls, network_}.ask(planets, report::kAllViews,
                                                               showing("predicting observed"));
  }

  /// Of test planets, beside their predictions.
  void keepAttention() {
    writeAttention(run_.artifacts() / kAttentionFile, progress_.weights(), network_, spec_, content_, store_,
                   Split::kTest, kAttended, showing("keeping attention"));
  }

  /// What the graph part knows of networks: a pass over the splits gave `rows`; few are drawn and judged here.
  std::vector<report::GraphScore> networkScores(const std::vector<report::NetworkRow>& rows,
                                                const std::vector<report::NetworkRow>& learned) {
    show(0, 1, "drawing networks");
    std::vector<report::GraphScore> scores = report::graphScores(rows, learned);
    try {
      const networks::SamplingOptions sampling{.seed = static_cast<std::uint64_t>(spec_.train.seed),
                                               .networks = kNetworks};
      const NetworkChoice choice{.split = Split::kTest, .heldOut = kNetworks, .learned = kLearnedNetworks};
      append(scores, samplingScores(sampleRun(network_, spec_, content_, store_, sampling, choice), choice.split));
    } catch (const Error& error) {
      // A store without networks that grow still has predictions to report.
      remarks_.push_back(std::string("No networks were drawn: ") + error.what());
    }
    show(1, 1, "drawing networks");
    return scores;
  }

  std::vector<report::Predictor> predictors(Predictions made, const std::vector<report::ScalarRow>& wanted) {
    std::vector<report::Predictor> all;
    all.push_back({"model", "the run's best weights", PredictorKind::kModel, std::move(made.fusion)});
    all.push_back({"reasoning head", "of the language part, from its last hidden states", PredictorKind::kPart,
                   std::move(made.reasoning)});
    const auto train = report::scalarRows(store_, filterOf(trainSplit(spec_.data)));
    const auto validation = report::scalarRows(store_, filterOf(Split::kValidation));
    if (train.empty() || validation.empty()) return all;
    std::vector<Prediction> like;
    for (const Prediction& row : all.front().predictions) {
      if (row.subset == report::subsetName(report::kAllViews)) like.push_back(row);
    }
    for (const auto& make : {report::ridgeBaseline, report::treeBaseline}) {
      stopIfAsked();
      try {
        report::Baseline baseline = make(train, validation, wanted);
        report::takeLabels(baseline.predictions, like);
        all.push_back({baseline.name, baseline.about, PredictorKind::kBaseline, std::move(baseline.predictions)});
      } catch (const Error& error) {
        // A set too small for a baseline still has predictions to report.
        remarks_.push_back(std::string("A baseline could not be made: ") + error.what());
      }
    }
    return all;
  }

  [[nodiscard]] report::RunFacts facts(const Hulls& hulls, const std::vector<Split>& splits) const {
    report::RunFacts facts = runFacts(run_, options_.program);
    for (const Split split : splits) facts.covers.splits.emplace(data::planet::name(split));
    facts.covers.everySubset = options_.ablation;
    facts.weights = progress_.weights();
    facts.hull = hulls.words();
    facts.remarks = remarks_;
    return facts;
  }

  run::RunDirectory& run_;
  const EvaluateOptions& options_;
  const config::RunSpec spec_;
  const data::store::Store store_;
  const data::batch::TrainingContent content_;
  Loaded progress_;  ///< before network_, which fills it
  Network network_;
  const PlanetFacts facts_;
  std::vector<std::string> remarks_;
};

/// Says it in the journal, as far as that can be written: the failure itself matters more.
void tellFailure(run::RunDirectory& run, const char* what) {
  try {
    const std::vector<run::Event> events = run::eventsOf(run, {"checkpoint"});
    run.event(events.empty() ? 0 : events.back().step, "evaluation_failed", what);
  } catch (const Error&) {
  }
}

}  // namespace

Evaluated evaluateRun(run::RunDirectory& run, const EvaluateOptions& options) {
  try {
    const config::RunSpec spec = specAt(run, options.place);
    return withAdvice(spec, [&] { return Evaluator(run, spec, options).run(); });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kUsage) tellFailure(run, error.what());
    throw;
  } catch (const std::exception& error) {
    tellFailure(run, error.what());
    throw;
  }
}

}  // namespace ecumene::engine::train
