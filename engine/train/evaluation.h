// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "engine/train/feed.h"
#include "engine/train/learner.h"

namespace ecumene::engine::train {

/// What a run's validation planets say of its weights.
struct Evaluation {
  std::int64_t samples = 0;
  /// "validation.<term>": terms of the loss, means over samples, with the cubes of half of the samples hidden, always
  /// the same ones, and views that training always hides hidden from all; "validation.supervised.with_climate",
  /// "..without_climate": of the two halves.
  /// Beside them "validation.<target>.<metric>" (regime.accuracy, habitable.accuracy, viable.auroc, f_hab.crps,
  /// f_hab.rmse, and the expected calibration errors regime.ece, habitable.ece, viable.ece), the texts'
  /// "validation.text.perplexity" and "validation.samples", of all and of the two halves, named as above.
  std::map<std::string, double> metrics;
  /// Lower is better: the supervised loss where it counts in the run, else the whole loss. NaN without samples.
  double score = 0.0;
  /// The metrics of the half without a cube, which is the hard one; empty where there are none.
  [[nodiscard]] std::string words() const;
};

/// One pass over the feed's first epoch. In evaluation mode and without gradients: Learner::evaluated().
Evaluation evaluate(Network& network, Feed& feed, const config::RunSpec& spec);

}  // namespace ecumene::engine::train
