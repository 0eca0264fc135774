// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "engine/config/run_spec.h"

namespace ecumene::engine::train {

/// What the steps of a spec took here.
struct Measurement {
  std::int64_t steps = 0;         ///< that were timed
  double secondsPerStep = 0.0;    ///< the median
  double samplesPerSecond = 0.0;  ///< samples of a step over it
  double prepareSeconds = 0.0;    ///< before the first step: the store's statistics, its tokeniser, the model
  std::int64_t peakBytes = 0;     ///< largest memory of this process
  std::int64_t gpuPeakBytes = 0;  ///< largest memory that Torch took of the GPU; 0: it trains on the CPU
};

struct MeasureOptions {
  std::int64_t steps = 8;  ///< timed, behind kWarmUpSteps that are not
  std::function<void(std::int64_t done, std::int64_t total)> onStep;
  std::function<bool()> interrupted;
};
inline constexpr std::int64_t kWarmUpSteps = 3;

/// Trains a run of the spec for a few steps, in `folder`, which must be absent or empty and is left to the caller, and
/// times them; evaluations and checkpoints are not in it. Throws Error as newRun() and train() do, and where it was
/// interrupted (kCancelled).
Measurement measure(config::RunSpec spec, const std::filesystem::path& folder, const MeasureOptions& options);

}  // namespace ecumene::engine::train
