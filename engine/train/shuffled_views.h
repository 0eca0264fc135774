// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "data/base/progress.h"
#include "data/store/store.h"
#include "engine/report/prediction.h"
#include "engine/train/learner.h"
#include "engine/train/predictions.h"

namespace ecumene::engine::train {

/// What the model says of planets of which it sees nothing: each view is another planet's, of as many planets as there
/// are, in an order keyed by the run's seed; a network, and a text about it, those of the same archetype. Labels are
/// the planet's own. Rows of subset report::kShuffled, for one planet of each of at most `most` systems of the split;
/// none where it has fewer than two.
std::vector<report::Prediction> predictShuffled(Network& network, const config::RunSpec& spec,
                                                const data::batch::TrainingContent& content,
                                                const data::store::Store& store, const PlanetFacts& facts,
                                                data::planet::Split split, std::size_t most,
                                                const Progress& progress = {});

}  // namespace ecumene::engine::train
