// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/train/feed.h"
#include "engine/train/learner.h"

namespace ecumene::engine::train {

/// What one step's micro-batches gave: gradients, which lie in the learner's parameters, and these numbers.
struct StepGradient {
  std::int64_t samples = 0, tokens = 0;  ///< 0 samples: the epoch had ended
  double loss = 0.0;                     ///< weighted sum, mean over samples
  std::map<std::string, double> parts;   ///< terms by name, unweighted, mean over samples
  double norm = 0.0;                     ///< 2-norm of the gradient before clipping
  std::array<double, config::kPartNames.size()> partNorms{};
  std::vector<std::string> sampleIds;
  std::vector<models::unified::Contrast::Seen> seen;  ///< of each micro-batch, for UnifiedModel::remember()
};

/// What a step is a function of, beside weights and data.
struct StepKey {
  std::int64_t step = 0;  ///< keys all draws
  double klShare = 1.0;   ///< in [0, 1]: annealing of the KL weight
  double lossScale = 1.0;
  double ropeReach = 1.0;  ///< rope_warm_up.h
};

/// Reads train.accumulate micro-batches, fewer at the end of an epoch, and sums their gradients, each micro-batch
/// weighted by its samples: several at once where sideBySide() says so, with the same result bit for bit for the same
/// threads of Torch each. The contrast's bank stays as it is. `batches` is where they are read to.
StepGradient takeGradient(Network& network, Learner& learner, Feed& feed, const config::RunSpec& spec,
                          const StepKey& key, std::vector<data::batch::MultiModalBatch>& batches);

/// What seeds the numbers of a micro-batch's dropout, for `number` = 0.. in a step.
std::uint64_t dropoutSeed(std::int64_t seed, std::int64_t step, std::int64_t number);
/// Puts the norms of the learner's gradients into `made`, once these are complete.
void measureGradient(const Learner& learner, StepGradient& made);

}  // namespace ecumene::engine::train
