// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "data/batch/tokeniser.h"
#include "engine/config/run_spec.h"
#include "engine/report/weights.h"
#include "engine/run/run_directory.h"
#include "models/language/language.h"

namespace ecumene::engine::train {

/// Writes the language part of a run as a Hugging Face folder (hf::saveFolder) with the run's tokeniser; it ends texts
/// as the folder that the run began with, where that was such a folder. Throws Error where that family has no words for
/// the model; then nothing is left in `folder`, which must be absent or empty.
void saveHuggingFace(const models::language::LanguageModel& model, const config::RunSpec& spec,
                     const data::batch::Tokeniser& tokeniser, const std::filesystem::path& run,
                     const std::filesystem::path& folder);

/// saveHuggingFace() of a run's best weights, on planets or on a corpus. Soft tokens of other views have no place in
/// such a folder: its model reads texts alone. Gives which weights they are; throws Error also where there are none.
report::WeightsId exportLanguage(const run::RunDirectory& run, const std::filesystem::path& folder);

}  // namespace ecumene::engine::train
