// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/store/store.h"
#include "engine/inspect/network_sampling.h"
#include "engine/train/learner.h"

namespace ecumene::engine::inspect {

/// Different metabolic networks of a split, by their ids, in the order of the store: those of planets with climate
/// that are not excluded. At most `most`; 0: all.
std::vector<data::planet::Metabolism> metabolismsOf(const data::store::Store& store, data::planet::Split split,
                                                    std::size_t most = 0);

/// Networks as the model of a run reads them.
GraphsOf graphsOf(const data::batch::TrainingContent& content, const torch::Device& device);

/// sampleNetworks() of a run's model against the split it was trained on; at most `heldOut` networks of the validation
/// split are encoded. `network` in evaluation mode.
SamplingReport sampleRun(train::Network& network, const config::RunSpec& spec,
                         const data::batch::TrainingContent& content, const data::store::Store& store,
                         SamplingOptions options, std::size_t heldOut = 64);

}  // namespace ecumene::engine::inspect
