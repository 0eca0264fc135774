// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <string>

#include "data/base/error.h"
#include "engine/config/run_spec.h"

namespace ecumene::engine::train {

/// Whether an allocator, Torch's or the C++ one, has refused memory.
bool isOutOfMemory(const std::exception& error);
/// What it said, in a line.
std::string saidBy(const std::exception& error);

/// The Error for a step that found too little memory: the bytes that were wanted, where the allocator names them, and
/// those that are free once the step has been given up; and settings that fit. They are not guessed:
/// `trial` runs a micro-batch of the given size, forward and backward, and says whether there was memory; it is tried
/// with half of the samples until it succeeds or one does not fit. `takenUp` stands behind settings: how they come into
/// force, where run.toml is not enough.
Error outOfMemory(const std::exception& error, const config::TrainSpec& spec,
                  const std::function<bool(std::int64_t microBatch)>& trial, const std::string& takenUp = {});

/// The Error for an evaluation that found too little memory: bytes as above, and what in run.toml takes less. It
/// changes no result: an evaluation's samples do not see each other.
Error outOfMemoryInEvaluation(const std::exception& error, const config::RunSpec& spec,
                              const std::string& takenUp = {});
/// Runs an evaluation; its lack of memory becomes that Error. `takenUp`: asked for it then.
template <class Work>
auto withAdvice(
    const config::RunSpec& spec, Work evaluation,
    const std::function<std::string()>& takenUp = [] { return std::string(); }) {
  try {
    return evaluation();
  } catch (const std::exception& error) {
    if (!isOutOfMemory(error)) throw;
    throw outOfMemoryInEvaluation(error, spec, takenUp());
  }
}

}  // namespace ecumene::engine::train
