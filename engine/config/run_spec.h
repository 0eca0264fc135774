// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/spec/loss_spec.h"
#include "models/spec/model_spec.h"

namespace ecumene::engine::config {

/// What the loader reads (data/loader).
struct DataSpec {
  std::string store;                ///< folder of the store
  std::string split = "train";      ///< that is trained on: train (generated planets), real
  std::string corpus;               ///< a text file that the language part learns in place of planets; empty: none
  std::string tokeniser;            ///< a SentencePiece model file; empty: one is trained on the texts of the split
  std::int64_t textLength = 256;    ///< tokens, at most 512
  std::int64_t graphNodes = 16384;  ///< most nodes in one micro-batch
  std::int64_t threads = 1;         ///< that read ahead
  std::int64_t together = 1;        ///< samples of a planet that follow each other, sharing its cube
  double scalarError = 0.15;        ///< of each scalar in each training step, in deviations of its distribution
  bool operator==(const DataSpec&) const = default;
};
void describe(models::spec::Options& options, DataSpec& spec);

/// Factors on the learning rate, by part. Coupling: soft tokens, reasoning head, contrast.
struct RateSpec {
  double climate = 1.0, graph = 1.0, spectrum = 1.0, scalars = 1.0, language = 1.0, fusion = 1.0, coupling = 1.0;
  bool operator==(const RateSpec&) const = default;
};
void describe(models::spec::Options& options, RateSpec& spec);

/// Modality dropout: how often a whole view of a sample is hidden in a training step.
struct HideSpec {
  double climate = 0.4, graph = 0.2, spectrum = 0.2, text = 0.2, scalars = 0.2;
  bool operator==(const HideSpec&) const = default;
};
void describe(models::spec::Options& options, HideSpec& spec);

/// What the optimiser, its schedule (engine/optim) and the loop (engine/train) read.
struct TrainSpec {
  std::int64_t seed = 1;
  std::int64_t epochs = 10;
  std::int64_t microBatch = 8, accumulate = 2;  ///< samples a micro-batch, micro-batches a step
  std::string optimiser = "adamw";              ///< adamw, lion, sophia
  double learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, weightDecay = 0.01;
  std::string schedule = "cosine";               ///< constant, cosine, restarts, onecycle
  double warmUpShare = 0.05, finalShare = 0.05;  ///< of the steps; of the learning rate
  std::int64_t restarts = 1;                     ///< equal cycles of schedule restarts
  double clip = 1.0;                             ///< largest 2-norm of a step's gradient; 0: none
  double ema = 0.0;                              ///< decay of the averaged weights; 0: none are kept
  double spike = 50.0;                ///< gradient norm over the recent median from which a step is left out; 0: never
  std::string precision = "float32";  ///< float32, bfloat16, float16
  std::string device = "auto";        ///< auto, cpu, cuda
  std::int64_t threads = 2;           ///< of Torch; resuming bit-equal depends on it
  std::int64_t sideBySide = 1;        ///< micro-batches at once, on a CPU in float32; threads are shared out
  bool deterministic = true;          ///< deterministic algorithms alone
  std::string parts = "all";          ///< what learns: all, or names of kPartNames with commas between
  std::string begin;                  ///< folders whose trained parts this one begins with
  double ropeShare = 0.0;             ///< of the steps over which rotary positions reach out to their full length
  double ropeBegin = 0.25;            ///< share of the full length with which ropeShare begins
  double maskedShare = 0.5;           ///< patches hidden of the cubes that are reconstructed
  double klShare = 0.2;               ///< of the steps over which the KL weight rises
  std::int64_t evaluateEpochs = 1;    ///< epochs between evaluations on the validation split
  std::int64_t patience = 20;         ///< evaluations without a better score that end the run; 0: never
  std::int64_t journalSteps = 1;      ///< steps between rows of the journal
  double checkpointMinutes = 0.0;     ///< 0: from measured write time and failuresPerDay
  double failuresPerDay = 1.0;        ///< assumed, for the interval of checkpoints
  std::int64_t keepCheckpoints = 2;   ///< newest ones, the best one not counted
  RateSpec rate;
  HideSpec hide;
  bool operator==(const TrainSpec&) const = default;
};
void describe(models::spec::Options& options, TrainSpec& spec);

/// The parts of a model that train.parts names, in the order of RateSpec.
inline constexpr std::array<std::string_view, 7> kPartNames = {"climate",  "graph",  "spectrum", "scalars",
                                                               "language", "fusion", "coupling"};
/// Which of kPartNames learn. Throws Error at a name that is none of them.
std::array<bool, kPartNames.size()> learningParts(const std::string& parts);

struct RunSpec {
  DataSpec data;
  models::spec::ModelSpec model;
  models::spec::LossSpec loss;
  TrainSpec train;
  bool operator==(const RunSpec&) const = default;
};
void describe(models::spec::Options& options, RunSpec& spec);

/// Names of the presets, from small to large, and one by name. Throws Error (kUsage) naming the presets if there is
/// none of that name.
std::vector<std::string> presets();
RunSpec preset(const std::string& name);
/// TOML: every option, grouped by table. Reading it back gives the same spec.
std::string toToml(const RunSpec& spec);
/// Reading starts from the defaults of the structs. Throws Error naming `file`, line and key path where the text is no
/// TOML, a key is unknown (with the nearest valid one) or a value does not fit. Does not call validate().
RunSpec fromToml(std::string_view text, const std::string& file);
/// The same of what toToml wrote: throws Error too where an option is missing, as behind a cut.
RunSpec fromWholeToml(std::string_view text, const std::string& file);
/// "train.lr=2e-4". Throws Error (kUsage) as fromToml does, naming the key.
void set(RunSpec& spec, const std::string& assignment);
/// Throws Error (kUsage) where options contradict each other.
void validate(const RunSpec& spec);
/// The reference page: Markdown tables of every option with type, unit, range, default, live, sentence.
std::string referencePage();

}  // namespace ecumene::engine::config
