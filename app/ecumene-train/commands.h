// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/train/place.h"

/// The words of `ecumene-train`: one function each. They print to stdout (JSON with `json`), progress to stderr, and
/// give the exit code. They throw Error where the whole command fails.
namespace ecumene::ecumene_train {

int newRun(bool json, const std::string& preset, const std::string& store, const std::string& folder,
           const std::vector<std::string>& settings);

struct TrainCommand {
  std::string folder;
  bool resume = false, plain = false, json = false, evaluate = true;
};
/// 1 if a signal interrupted it; the last line says how to go on. As JSON always {run, step, ending: finished, stopped
/// or interrupted, reason, report: path of report.json, null if it was not evaluated}.
int train(const TrainCommand& command);

struct AdaptCommand {
  std::string run, huggingFace;  ///< one of them: what it begins with
  std::string corpus, out;
  std::vector<std::string> settings;
  bool plain = false, json = false;
};
/// Makes a run that learns a text corpus with the language part of another, and trains it; exit codes of train().
int adapt(const AdaptCommand& command);

/// A run that is asked, and where it is asked.
struct AskedRun {
  std::string folder;
  engine::train::Place place;
};

/// Writes the report into the run's folder, beside one that covers more (engine/train/evaluate_run.h), and prints it.
/// `splits` empty: validation, test, real and observed planets.
int evaluate(bool json, const AskedRun& asked, const std::vector<std::string>& splits, bool ablation);
struct PredictCommand {
  std::string planet = "all";  ///< id, or all
  std::vector<std::string> without;
  bool fluxes = false;  ///< also of the reactions of the planets' networks
};
int predict(bool json, const AskedRun& asked, const PredictCommand& command);
/// Writes a run's language part as a Hugging Face folder.
int exportLanguage(bool json, const std::string& folder, const std::string& out);
/// Networks drawn from the prior of a run's graph part, and how good they are.
int sample(bool json, const AskedRun& asked, std::int64_t networks, std::uint64_t seed);
struct AttendCommand {
  std::string part = "fusion", archetype, layer, head = "mean";  ///< layer: a number or rollout; head: a number or mean
  std::int64_t token = 0;
};
/// What a token attends to and what attends to it (engine/inspect/inspector.h); in words the most attended tokens.
int attend(bool json, const AskedRun& asked, const std::string& planet, const AttendCommand& command);
/// Text that a run writes about a planet, its numbers checked.
int explain(bool json, const AskedRun& asked, const std::string& planet, const std::string& archetype,
            std::int64_t tokens);
/// Answers questions on stdin until it ends; `whole`: with every array in its line.
int inspect(const AskedRun& asked, bool whole);
/// Bytes that a process takes which answers questions to the run.
int inspectionNeed(bool json, const AskedRun& asked);
/// Logits of the last position, of a Hugging Face folder; always JSON.
int logits(const std::string& folder, const std::string& ids);
struct GenerateCommand {
  std::string folder, prompt;  ///< a Hugging Face folder, or a run
  std::int64_t tokens = 128;
  double temperature = 0.0, topP = 1.0;
  std::uint64_t seed = 1;
};
/// Prints the prompt and what follows it.
/// `place`: of a run.
int generate(bool json, const GenerateCommand& command, const engine::train::Place& place);
int options(bool json);

}  // namespace ecumene::ecumene_train
