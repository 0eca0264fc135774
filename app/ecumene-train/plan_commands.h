// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// What a run would need, asked before it is made.
namespace ecumene::ecumene_train {

/// A preset's parameters by part, and bytes for weights, gradients, optimiser, averages and a checkpoint's copy.
int countParameters(bool json, const std::string& preset, const std::vector<std::string>& settings);

struct MeasureCommand {
  std::string preset, store, scratch;  ///< scratch: absent or empty; removed
  std::vector<std::string> settings;
  std::int64_t steps = 8;
};
/// Makes a few steps of what a launch would train, and prints how long one takes. As JSON {preset, spec: its TOML,
/// gpus: CUDA_VISIBLE_DEVICES, steps, seconds_per_step, samples_per_second, prepare_seconds, peak_bytes,
/// gpu_peak_bytes}.
int measure(bool json, const MeasureCommand& command);

}  // namespace ecumene::ecumene_train
