// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>

#include "data/base/progress.h"
#include "data/store/store.h"
#include "engine/train/learner.h"
#include "engine/train/weights_file.h"

namespace ecumene::engine::train {

/// attention.h5: what fusion's queries read of each view's tokens, of one sample of each of the first `most` planets of
/// a split that are not excluded, with all their views; archetypes in turn. Datasets: texts `sample` (a line each) and
/// `about`; float32 `view_weight` [samples, 5] (adaptive weights in the order climate, graph, spectrum, text, scalars,
/// sum 1 over those present); and for each view float32 `<view>` [samples, layers, queries, tokens]: attention weights,
/// means over the heads, without unit, of which those of all views together add up to 1 for a layer and query. Tokens
/// are in the order in which `ecumene-train attend --part fusion` lists them; NaN where a sample has fewer, or lacks
/// the view. `cube_hidden/view_weight` and `cube_hidden/<view>` are the same of the samples without their climate,
/// which has no array there. The file's attributes `step` and `manifest` are those of the network's weights. Nothing is
/// written, and what was there is removed, where the split has no planet. Written whole or not at all.
void writeAttention(const std::filesystem::path& file, const WeightsId& weights, Network& network,
                    const config::RunSpec& spec, const data::batch::TrainingContent& content,
                    const data::store::Store& store, data::planet::Split split, std::size_t most,
                    const Progress& progress = {});

}  // namespace ecumene::engine::train
