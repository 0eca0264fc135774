// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "engine/config/run_spec.h"
#include "engine/run/run_directory.h"
#include "engine/train/loop.h"

/// The language part on a text corpus: a run with data.corpus, without planets.
namespace ecumene::engine::train {

/// Options of a run that adapts the language part of `from` to a corpus: those of a run; or, of a Hugging Face folder,
/// the defaults with its sizes, its tokeniser, three epochs and a learning rate of 1e-4. Throws Error where `from` is
/// neither.
config::RunSpec adaptationSpec(const std::filesystem::path& from, const std::filesystem::path& corpus);

/// Makes such a run: run.toml and tokenizer.model, of what train.begin names first. Throws Error where the spec
/// contradicts itself, or the corpus cannot be read; then there is no run.
void newAdaptation(config::RunSpec spec, const std::filesystem::path& folder);

/// Trains it, as train() does: journal, commands, checkpoints, signals, bad steps; a run that was cut goes on bit-equal
/// (dropout and order are keyed by seed, step and epoch). At the end the run has report.md and report.json with the
/// perplexity of the held-out texts before and after, and `hf`, a Hugging Face folder of the adapted model with
/// low-rank additions merged, where that family has words for it. Another run takes the language part by train.begin
/// from the run itself or from that folder.
Outcome adapt(run::RunDirectory& run, const TrainOptions& options);

}  // namespace ecumene::engine::train
