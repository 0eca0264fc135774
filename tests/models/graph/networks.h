// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/batch/network_graph.h"
#include "data/batch/reaction_vocabulary.h"
#include "data/planet/planet.h"
#include "models/graph/graph.h"

namespace ecumene::models::graph {

/// Generated metabolisms, one of each archetype in their order, and the vocabulary of their reactions.
std::vector<data::planet::Metabolism> metabolisms();
data::batch::ReactionVocabulary vocabularyOf(const std::vector<data::planet::Metabolism>& metabolisms);

/// The vocabulary as the decoder's losses read it.
ReactionVocabulary tensorsOf(const data::batch::ReactionVocabulary& vocabulary,
                             torch::ScalarType type = torch::kFloat64);

/// A batch of these networks, all kept, without noise. An archetype of -1 for one whose growth window is NaN.
GraphInput inputOf(const std::vector<data::planet::Metabolism>& metabolisms,
                   const data::batch::ReactionVocabulary& vocabulary, torch::ScalarType type = torch::kFloat64);

/// Numbers of closed form, each about 1.
torch::Tensor wave(torch::IntArrayRef shape, double phase, torch::ScalarType type = torch::kFloat64);

}  // namespace ecumene::models::graph
