// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "engine/config/run_spec.h"
#include "engine/train/feed.h"

/// Micro-batches that are computed at the same time. Most of a small model's operators are too small for several
/// threads of Torch; several micro-batches, each on a thread of its own, keep all cores busy.
namespace ecumene::engine::train {

/// How many micro-batches are computed at once: train.side_by_side on a CPU in float32, else one.
std::size_t sideBySide(const config::TrainSpec& spec, const torch::Device& device);

/// Calls work(0) .. work(count - 1) at the same time, the first on this thread, with this thread's modes of Torch
/// (gradients, autocast) on all of them and train.threads / width threads of Torch for each, whatever the count: so
/// what one computes does not depend on the others. Waits for all; throws what the first in order threw.
void runSideBySide(std::size_t count, const config::TrainSpec& spec, std::size_t width,
                   const std::function<void(std::size_t)>& work);

/// Reads micro-batches into `batches` from the front, at most as many as it holds or `most`; gives how many came before
/// the epoch's end.
std::size_t readSome(Feed& feed, std::vector<data::batch::MultiModalBatch>& batches, std::size_t most);

}  // namespace ecumene::engine::train
