// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/ecumene-train/commands.h"
#include "app/ecumene-train/plan_commands.h"

/// The command line of ecumene-train: its words, their options, and what each calls.
namespace ecumene::ecumene_train {

/// What the command line said. `run` is what the chosen word does; it gives the exit code.
struct Words {
  bool json = false, plain = false, noEvaluation = false, noAblation = false, whole = false, need = false;
  std::string preset, store, folder, planet, out;
  std::int64_t networks = 64;
  std::uint64_t seed = 1;
  std::string ids;
  AskedRun asked;
  GenerateCommand generation;
  AttendCommand attention;
  AdaptCommand adaptation;
  MeasureCommand measurement;
  PredictCommand prediction;
  std::string archetype;
  std::int64_t explainTokens = 256;
  std::vector<std::string> settings, splits;
  std::function<int()> run;
};

/// Adds every word; `words` must outlive `app`.
void addWords(CLI::App& app, Words& words);

}  // namespace ecumene::ecumene_train
