// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace ecumene::ecumene_train {

/// Value of a variable of the environment; none where it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// A training is one process. Launchers that start several (torchrun: WORLD_SIZE, RANK, LOCAL_RANK, MASTER_ADDR,
/// MASTER_PORT; srun: SLURM_STEP_NUM_TASKS) would have each of them train the same run: throws Error (kUsage) where
/// there is more than one, or where what they say is no number or contradicts itself.
void requireOneProcess(const Environment& environment);
/// Of this process.
void requireOneProcess();

}  // namespace ecumene::ecumene_train
