// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "data/batch/content_files.h"
#include "data/batch/training_content.h"
#include "data/store/store.h"
#include "engine/config/run_spec.h"
#include "engine/run/run_directory.h"

namespace ecumene::engine::train {

/// The split that data.split names.
data::planet::Split trainSplit(const config::DataSpec& spec);

/// Whether a run learns from what its store holds without a climate as well (data::loader::partsOf): one on real
/// planets does; generated planets have every view themselves.
bool learnsFromParts(const config::DataSpec& spec);

/// The planets of a split that are not excluded.
data::store::Filter filterOf(data::planet::Split split);

/// data::batch::makeTrainingContent() as the spec says. Throws Error also where the tokeniser has more pieces than
/// model.language.vocabulary, or a sample more nodes than data.graph_nodes.
data::batch::TrainingContent makeContent(const data::store::Store& store, const config::RunSpec& spec,
                                         const std::filesystem::path& folder);
/// Throws Error where a network that a run trains on or is judged by alone has more nodes than data.graph_nodes.
void requireNetworksFit(const data::store::Store& store, const config::RunSpec& spec);
/// What makeContent() wrote, and in words which content that is: event "content" of a run.
inline constexpr std::array kContentFiles = {data::batch::kStatisticsFile, data::batch::kReactionsFile,
                                             data::batch::kTokeniserFile};
std::string contentHashes(const std::filesystem::path& folder);
/// The content of a run. Throws Error naming the file that is missing, damaged or not the one that the run was made
/// with, and where it does not fit; of an adaptation, which knows no planets, what to ask in its place.
data::batch::TrainingContent loadContent(const run::RunDirectory& run, const config::RunSpec& spec);

}  // namespace ecumene::engine::train
