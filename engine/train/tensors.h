// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/batch/batch.h"
#include "data/batch/reaction_vocabulary.h"
#include "data/store/statistics.h"
#include "models/unified/unified.h"

namespace ecumene::engine::train {

/// The batch as the model reads it, views that a sample lacks not kept, nothing hidden, no noise. On the CPU most
/// tensors are the batch's own memory: it must outlive them and stay as it is. Throws an internal Error if the batch
/// contradicts itself in its sizes.
models::unified::UnifiedInput toTensors(const data::batch::MultiModalBatch& batch, const torch::Device& device);

/// Constants of the graph part's decoder and losses.
models::graph::ReactionVocabulary toTensors(const data::batch::ReactionVocabulary& vocabulary,
                                            const torch::Device& device);

/// Means and deviations that undo the normalisation of climate variables.
models::climate::ClimateScale climateScale(const data::store::Statistics& statistics, const torch::Device& device);

/// A tensor's values as float64 on the CPU, row by row, without gradient.
torch::Tensor plain(const torch::Tensor& tensor);

}  // namespace ecumene::engine::train
