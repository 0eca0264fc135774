// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/batch/reaction_vocabulary.h"
#include "engine/report/graph_scores.h"
#include "models/graph/graph.h"

namespace ecumene::engine::train {

/// What the graph part says of each network of a batch, held against it; split and system are the caller's. A graph
/// that is not kept, and one without a reaction of the vocabulary, has no setF1 and no fluxes.
std::vector<report::NetworkRow> networkRows(const models::graph::GraphInput& input,
                                            const models::graph::GraphOutput& output);

/// What it says of the flux of each reaction of each network that the vocabulary has a row for, in the order of the
/// nodes. None of a graph that is not kept.
std::vector<std::vector<report::FluxEstimate>> fluxEstimates(const models::graph::GraphInput& input,
                                                             const models::graph::GraphOutput& output,
                                                             const data::batch::ReactionVocabulary& vocabulary);

}  // namespace ecumene::engine::train
