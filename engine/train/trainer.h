// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/run/run_directory.h"
#include "engine/train/loop.h"

namespace ecumene::engine::train {

/// Trains the whole model on the planets of the run's store from the run's newest whole checkpoint, or from its first
/// weights, until it ends; the run is claimed by the caller. Everything that happens is in its journal: metrics,
/// events, state. On the CPU, with train.deterministic and the same train.threads, a run that was cut anywhere and goes
/// on gives the weights of one that was not, bit for bit. Throws Error where it cannot go on, having said so in the
/// journal.
Outcome train(run::RunDirectory& run, const TrainOptions& options);

}  // namespace ecumene::engine::train
