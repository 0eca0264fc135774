// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/report/graph_scores.h"
#include "models/graph/graph.h"

namespace ecumene::engine::train {

/// What the graph part says of each network of a batch, held against it; split and system are the caller's. A graph
/// that is not kept, and one without a reaction of the vocabulary, has no setF1 and no fluxes.
std::vector<report::NetworkRow> networkRows(const models::graph::GraphInput& input,
                                            const models::graph::GraphOutput& output);

}  // namespace ecumene::engine::train
