// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "data/base/error.h"
#include "engine/config/run_spec.h"

/// Whether a machine has the memory that a run needs before its first step.
namespace ecumene::engine::train {

/// What a run's model takes, in bytes: float32 weights of all, the rest of what learns.
struct ModelMemory {
  std::int64_t weights = 0, gradients = 0, optimiser = 0, averages = 0;
  /// What a checkpoint copies before it is written.
  [[nodiscard]] std::int64_t checkpoint() const { return weights + optimiser + averages; }
};
/// The model is built without memory to count it.
ModelMemory modelMemory(const config::RunSpec& spec);

/// Bytes that a run needs at least: weights in float32, with what the optimiser and the averages keep of those that
/// learn, and all that once more, which a checkpoint copies. Of the language part alone where there is a corpus.
std::int64_t bytesNeeded(const config::RunSpec& spec);
/// Bytes that this process may still allocate: what the machine has available, swap too, or what is left of a limit on
/// the process's address space.
std::int64_t bytesFree();

/// "3.21 GB".
std::string gigabytes(std::int64_t bytes);

/// The Error of a run whose model does not fit into `free` bytes: what it needs and, unless it has `begun`, an option
/// or a preset that fits; a checkpoint goes on with what wrote it. `found`: what an allocator said, else empty.
Error modelTooLarge(const config::RunSpec& spec, std::int64_t free, const std::string& found, bool begun = false);
/// Throws it for a run on the CPU that cannot fit, before memory is touched: where there is none left the kernel ends
/// a process without a word.
void requireMemory(const config::RunSpec& spec, bool begun = false);

}  // namespace ecumene::engine::train
