// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "data/store/store.h"
#include "engine/run/run_directory.h"

namespace ecumene::engine::train {

/// How far a run is, for who watches it.
struct Status {
  std::int64_t step = 0, steps = 0;    ///< made; in all, as far as is known
  std::int64_t epoch = 0, epochs = 0;  ///< finished; in all
  double loss = 0.0, learningRate = 0.0;
  double samplesPerSecond = 0.0;
  double secondsLeft = 0.0;  ///< at the rate of this process; NaN before its first step
  std::string note;          ///< what else is to be said: "validation 0.81, the best so far"; empty: nothing
};

struct TrainOptions {
  std::function<void(const Status&)> onStep;  ///< after each step and each evaluation
  std::function<bool()> interrupted;          ///< asked at step boundaries: end with a checkpoint
};

enum class Ending {
  kFinished,     ///< all epochs, or no better score for train.patience evaluations
  kStopped,      ///< by the command stop
  kInterrupted,  ///< TrainOptions::interrupted
};
struct Outcome {
  Ending ending = Ending::kFinished;
  std::int64_t step = 0;
  std::string reason;  ///< in words
};

/// Trains a run from its newest whole checkpoint, or from its first weights, until it ends; the run is claimed by the
/// caller. Everything that happens is in its journal: metrics, events, state. On the CPU, with train.deterministic and
/// the same train.threads, a run that was cut anywhere and goes on gives the weights of one that was not, bit for bit.
/// Throws Error where it cannot go on, having said so in the journal.
Outcome train(run::RunDirectory& run, const data::store::Store& store, const TrainOptions& options);

}  // namespace ecumene::engine::train
