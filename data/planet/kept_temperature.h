// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace ecumene::data::planet {

/// Surface temperatures are multiples of this (K): what a store keeps exactly. Thresholds decide labels, so a value
/// that packing moved across one would make the stored labels those of another cube.
inline constexpr double kTemperatureStepK = 1.0 / 128.0;

/// The multiple next to a temperature, the even one of two. Exact as float32 up to 131072 K.
inline float keptTemperatureK(double kelvin) {
  return static_cast<float>(std::nearbyint(kelvin / kTemperatureStepK) * kTemperatureStepK);
}

}  // namespace ecumene::data::planet
