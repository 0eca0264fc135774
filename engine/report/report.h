// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "data/store/store.h"
#include "engine/report/conformal.h"
#include "engine/report/graph_scores.h"
#include "engine/report/prediction.h"
#include "engine/report/scores.h"
#include "engine/report/weights.h"

namespace ecumene::engine::report {

/// Which planets an evaluation predicted, and how often.
struct Coverage {
  std::set<std::string> splits;  ///< names
  bool everySubset = true;       ///< of the views; else those that a run is judged by
  /// Whether nothing of `other` is missing.
  [[nodiscard]] bool holds(const Coverage& other) const;
  /// What its files are called behind "report" and "predictions": "" for all splits but train, or all, with every
  /// subset, else "-test", "-real-observed", "-no-ablation".
  [[nodiscard]] std::string suffix() const;
};

/// What the report and the cards say of a run besides its predictions.
struct RunFacts {
  std::string name, preset;
  std::string options;    ///< run.toml
  std::string program;    ///< name and version
  std::string device;     ///< in words: "CPU, 1 thread", "NVIDIA H200"
  std::string attention;  ///< of language layers, then climate blocks: "layers 0-3: flash"
  std::int64_t seed = 0, steps = 0, epochs = 0;
  WeightsId weights;                 ///< that are evaluated; without a manifest of a run that was not
  bool validated = true;             ///< whether validation planets chose the weights; else they are the last
  std::string trainSplit = "train";  ///< name of the split that was trained on
  bool learnsFromParts = false;      ///< and what the store holds without a climate (data::loader::partsOf)
  std::string tokeniser;             ///< file that it was taken from; empty: trained on the store's texts
  Coverage covers;                   ///< of an evaluation
  double scalarError = 0.0;          ///< of each scalar in each training step, in deviations of its distribution
  double trainSeconds = 0.0;         ///< of the steps behind the last weights, without evaluations, pauses, checkpoints
  std::string finished;              ///< UTC, ISO 8601
  std::string ended;                 ///< why training ended: "all epochs", "no better validation score for 20 epochs"
  std::vector<std::pair<std::string, std::int64_t>> parameters;  ///< by part
  std::vector<std::string> hull;     ///< what the training hull's threshold is of, a sentence for each kind of views
  std::vector<std::string> remarks;  ///< what a reader must know besides, a sentence each
};

enum class PredictorKind {
  kModel,     ///< the run's model: first, and one
  kPart,      ///< something of the same run beside it: its reasoning head, parts trained apart
  kBaseline,  ///< scalars and archetype only
};
std::string_view name(PredictorKind kind);

/// Who made predictions.
struct Predictor {
  std::string name, about;
  PredictorKind kind = PredictorKind::kModel;
  std::vector<Prediction> predictions;
};

/// A metric of one predictor on some rows; archetype -1: all.
struct ScoreRow {
  std::string predictor, split, subset;
  int archetype = -1;
  Score score;
};
/// The model's metric less another predictor's on the same samples. Baselines see the scalars, whatever the model sees.
struct Comparison {
  std::string split, subset;
  std::string against;  ///< a predictor, or kShuffled: the model itself there
  int archetype = -1;
  Score difference;
};

/// Everything that is counted, once; report.json and report.md are two ways to write it.
struct Report {
  RunFacts facts;
  struct Named {
    std::string name, about;
    PredictorKind kind;
  };
  std::vector<Named> predictors;
  std::vector<ConformalStep> conformal;  ///< of the model
  std::vector<ScoreRow> scores;
  std::vector<Comparison> comparisons;
  struct Reliability {
    std::string split, subset, target;
    std::vector<ReliabilityBin> bins;
  };
  std::vector<Reliability> reliability;  ///< of the model
  struct Confusion {
    std::string split, subset;
    std::vector<std::vector<std::size_t>> counts;  ///< [label][prediction]
  };
  std::vector<Confusion> confusion;  ///< of the model
  std::vector<GraphScore> graph;     ///< of the model's graph part
  std::vector<Prediction> real;      ///< the model's predictions of planets that were not generated, one by one
};

/// The subset that only a model can be good at: all views but the climate cube.
std::string cubeHidden();
/// In the place of a subset's name: all views, each of another planet. What is said then is no knowledge of the planet.
inline constexpr const char* kShuffled = "shuffled";

/// Scores of splits "validation" and "test" that occur. The first predictor is the model; its name may not come twice.
/// Throws Error if there is no predictor or the first is not the model.
Report makeReport(RunFacts facts, const std::vector<Predictor>& predictors,
                  const std::vector<ConformalStep>& conformal);

std::string toJson(const Report& report);
std::string toMarkdown(const Report& report);

/// Markdown: what the planets of a store are, how they were made, their counts and marks, what a run makes of them,
/// what they do not say.
std::string dataCard(const RunFacts& facts, const data::store::Store& store);
/// Markdown: what the model is for and is not, how it was made, how well it does, where it fails. A report without
/// predictors is of a run that was not evaluated, and the card says so. `file`: where the report stands beside the
/// card.
std::string modelCard(const Report& report, const std::string& file = "report.md");

/// What a run's language part learned from in place of planets.
struct AdaptedTo {
  std::string file, sha256;  ///< of the corpus
  std::string begin;         ///< weights that it began with; empty: random ones
  std::size_t learnedTexts = 0, heldOutTexts = 0;
  std::string perplexity;  ///< of the held-out texts, in words; empty: not evaluated
};
/// Markdown: the two cards of such a run.
std::string adaptationCard(const RunFacts& facts, const AdaptedTo& corpus);
std::string corpusCard(const AdaptedTo& corpus);

/// Fewest systems of which a difference is called better or worse: intervals over draws of fewer are too narrow.
inline constexpr std::size_t kLeastCompared = 10;
/// Markdown: what a run is judged by, beside the baselines, a line each; or why there are no scores.
std::string inShort(const Report& report);

/// What writeReport() left.
struct Written {
  std::vector<ConformalStep> conformal;  ///< of the model
  std::filesystem::path report;          ///< its path without ".md" and ".json"
  std::string inShort;
};
/// Everything the evaluation of a run leaves in its folder: report.json, report.md, model_card.md, data_card.md,
/// artifacts/predictions.h5 (predictions_file.h). Where a report is there that holds what this evaluation does not
/// cover, this one stands beside it: report and predictions have Coverage::suffix() in their names, or "-no-train", and
/// the cards stay if they are of the same weights. Runs the conformal step on each predictor. Each file is written
/// whole or not at all. Throws Error naming the file.
Written writeReport(const std::filesystem::path& run, RunFacts facts, std::vector<Predictor> predictors,
                    std::vector<GraphScore> graph, const data::store::Store& store);
/// Whether a report in the run's folder is of these weights; then the model card is too.
bool isReported(const std::filesystem::path& run, const WeightsId& weights);

}  // namespace ecumene::engine::report
