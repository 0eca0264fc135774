// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "data/planet/cube.h"
#include "data/store/statistics.h"

namespace ecumene::data::batch {

/// (store::modelValue(value) - mean) / deviation of a climate variable, in single precision: to 1e-5 of the deviation
/// where that is not far below the mean. `from` and `to` have one length.
void normalise(planet::VariableId id, const store::Moments& moments, std::span<const float> from, std::span<float> to);

/// log10 of a positive, normal number, to 2e-7 or its share of the result: a loop over it vectorises.
float quickLog10(float value);

}  // namespace ecumene::data::batch
