// SPDX-License-Identifier: Apache-2.0
#pragma once

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
  std::int64_t textLength = 160;    ///< tokens, at most 512
  std::int64_t graphNodes = 16384;  ///< most nodes in one micro-batch
  std::int64_t threads = 1;         ///< that read ahead
  bool operator==(const DataSpec&) const = default;
};
void describe(models::spec::Options& options, DataSpec& spec);

/// What the optimiser and its schedule read (engine/optim), and the seed.
struct TrainSpec {
  std::int64_t seed = 1;
  std::int64_t microBatch = 8, accumulate = 2;  ///< samples a micro-batch, micro-batches a step
  std::string optimiser = "adamw";              ///< adamw, lion, sophia
  double learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, weightDecay = 0.01;
  std::string schedule = "cosine";               ///< constant, cosine, restarts, onecycle
  double warmUpShare = 0.05, finalShare = 0.05;  ///< of the steps; of the learning rate
  std::int64_t restarts = 1;                     ///< equal cycles of schedule restarts
  bool operator==(const TrainSpec&) const = default;
};
void describe(models::spec::Options& options, TrainSpec& spec);

struct RunSpec {
  DataSpec data;
  models::spec::ModelSpec model;
  models::spec::LossSpec loss;
  TrainSpec train;
  bool operator==(const RunSpec&) const = default;
};
void describe(models::spec::Options& options, RunSpec& spec);

/// Names of the presets, from small to large, and one by name. Throws Error naming the presets if there is none of that
/// name.
std::vector<std::string> presets();
RunSpec preset(const std::string& name);
/// TOML: every option, grouped by table. Reading it back gives the same spec.
std::string toToml(const RunSpec& spec);
/// Reading starts from the defaults of the structs. Throws Error naming `file`, line and key path where the text is no
/// TOML, a key is unknown (with the nearest valid one) or a value does not fit. Does not call validate().
RunSpec fromToml(std::string_view text, const std::string& file);
/// "train.lr=2e-4". Throws Error as fromToml does, naming the key.
void set(RunSpec& spec, const std::string& assignment);
/// Throws Error where options contradict each other.
void validate(const RunSpec& spec);
/// The reference page: Markdown tables of every option with type, unit, range, default, live, sentence.
std::string referencePage();

}  // namespace ecumene::engine::config
