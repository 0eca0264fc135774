// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/store/store.h"
#include "engine/networks/network_sampling.h"
#include "engine/report/graph_scores.h"
#include "engine/train/learner.h"

namespace ecumene::engine::train {

/// Different metabolic networks of a split, by their ids: those of planets with climate that are not excluded. One of
/// each planet before a second of any, archetypes in turn, planets in the order of the store. At most `most`; 0: all.
std::vector<data::planet::Metabolism> metabolismsOf(const data::store::Store& store, data::planet::Split split,
                                                    std::size_t most = 0);

/// Networks as the model of a run reads them.
networks::GraphsOf graphsOf(const data::batch::TrainingContent& content, const torch::Device& device);

/// Which networks of a store a run's graph part is held against.
struct NetworkChoice {
  data::planet::Split split = data::planet::Split::kValidation;  ///< of those that are encoded
  std::size_t heldOut = 64;                                      ///< at most so many of them
  std::size_t learned = 0;  ///< at most so many of the split it was trained on, for novelty; 0: all, read one by one
};
/// networks::sampleNetworks() of a run's model. `network` in evaluation mode. Throws Error where no network of the
/// train split can grow.
networks::SamplingReport sampleRun(Network& network, const config::RunSpec& spec,
                                   const data::batch::TrainingContent& content, const data::store::Store& store,
                                   networks::SamplingOptions options, const NetworkChoice& choice = {});

/// What it says, as rows of a run's report, with intervals over draws of networks. `split`: of the held-out ones.
std::vector<report::GraphScore> samplingScores(const networks::SamplingReport& said, data::planet::Split split);

}  // namespace ecumene::engine::train
