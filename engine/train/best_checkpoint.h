// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "engine/checkpoint/checkpoint.h"
#include "engine/report/weights.h"
#include "engine/run/run_directory.h"

/// The weights that a run is asked by. A run never answers by older ones than it says it has: what is damaged or gone
/// is refused by name. Training goes on from older ones where it must, and says so (loop.h).
namespace ecumene::engine::train {

/// Where loaded weights come from.
struct Loaded {
  std::int64_t step = 0;                  ///< of the checkpoint
  std::int64_t lastStep = 0, epochs = 0;  ///< that the run has made
  std::string manifest;                   ///< SHA-256 of the checkpoint's manifest
  [[nodiscard]] report::WeightsId weights() const { return {step, manifest}; }
};

/// Folder of the newest checkpoint that the run has made, by its journal and its folder, read or not; without what a
/// resumed training has passed over as damaged. Throws Error where there is none, or where it is gone.
std::filesystem::path lastCheckpoint(const run::RunDirectory& run);

/// The best checkpoint of a run, as its newest one names it, else the newest, without the optimiser's state. Throws
/// Error naming the file where either is damaged or gone, and where there is none.
checkpoint::Checkpoint bestCheckpoint(const run::RunDirectory& run, Loaded& loaded);

}  // namespace ecumene::engine::train
