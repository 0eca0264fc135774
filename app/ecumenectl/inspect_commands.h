// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "app/ecumenectl/commands.h"

/// The words of `ecumenectl` that ask a trained model: what they say, and their place on the command line.
namespace ecumene::ecumenectl {

struct ModelCommand {
  std::string run, planet, archetype, store, target = "viable", part = "fusion", layer, head = "mean";
  std::vector<std::string> without;  ///< views hidden
  std::int64_t token = 0, tokens = 256;
  double seconds = 120.0;
  std::string question;               ///< JSON, of the word question
  std::string file, dataset, sample;  ///< of the word artifact
};

/// Asks and prints the answer, in words or as it is (`json`); how far it is on stderr, where somebody looks.
int predictPlanet(const Common& common, const ModelCommand& command);
int explainPlanet(const Common& common, const ModelCommand& command);
int attendTo(const Common& common, const ModelCommand& command);
int attributeTo(const Common& common, const ModelCommand& command);
/// One question as JSON; prints the answer's line.
int askModel(const Common& common, const ModelCommand& command);
/// Rows of what an evaluation left.
int showArtifact(const Common& common, const ModelCommand& command);

/// Adds these words; `word` adds one with what all words share.
using AddWord = std::function<CLI::App&(const char* name, const char* what, std::function<int()> run)>;
void addModelWords(const AddWord& word, const Common& common, ModelCommand& command);

}  // namespace ecumene::ecumenectl
