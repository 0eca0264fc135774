// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "data/batch/training_content.h"
#include "engine/config/run_spec.h"
#include "engine/run/run_directory.h"

namespace ecumene::engine::inspect {

/// Bytes that a process takes which answers questions to a run, counted from the checkpoint's tensors and the sizes of
/// the model's layers before any of it is loaded.
struct Need {
  std::int64_t program = 0;      ///< this process as it is now, and what Torch adds when it first computes
  std::int64_t weights = 0;      ///< of the model, float32
  std::int64_t loading = 0;      ///< the checkpoint's tensors beside them, until the model has taken them
  std::int64_t activations = 0;  ///< of the largest question: gradients through one sample, or eight samples forward
  [[nodiscard]] std::int64_t bytes() const;
};
/// Throws Error where the run has no checkpoint.
Need needOf(const run::RunDirectory& run, const config::RunSpec& spec, const data::batch::TrainingContent& content);

}  // namespace ecumene::engine::inspect
