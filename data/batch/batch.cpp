// SPDX-License-Identifier: Apache-2.0
#include "data/batch/batch.h"

#include <algorithm>

namespace ecumene::data::batch {

std::vector<float> climateCubes(const MultiModalBatch& batch) {
  const std::size_t levels = planet::kCanonicalLevels;
  const std::size_t flat = batch.epochs * planet::kMonths * planet::canonicalGrid().cells();
  std::vector<float> cubes(batch.size * planet::kVariableCount * flat * levels);
  auto to = cubes.begin();
  for (std::size_t b = 0; b < batch.size; ++b) {
    const auto deep = static_cast<std::ptrdiff_t>(kLevelVariables * flat * levels);
    to = std::copy_n(batch.levels.begin() + batch.cube[b] * deep, deep, to);
    const float* surface = &batch.surface[static_cast<std::size_t>(batch.cube[b]) * kSurfaceVariables * flat];
    for (std::size_t i = 0; i < kSurfaceVariables * flat; ++i) {
      to = std::fill_n(to, levels, surface[i]);
    }
  }
  return cubes;
}

}  // namespace ecumene::data::batch
