// SPDX-License-Identifier: Apache-2.0
#include "data/batch/normalise.h"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace ecumene::data::batch {
namespace {

/// value = m 2^e with m in [0.7, 1.4]; ln m = 2 artanh(t), t = (m - 1) / (m + 1), |t| < 0.172, by its Taylor series,
/// whose first term left out is below 1e-9.
inline float log10Of(float value) {
  constexpr std::uint32_t kHalfRoot = 0x3f3504f3U;  // sqrt(1/2)
  constexpr float kLog10Of2 = 0.301029996F;
  constexpr float kLog10OfE = 0.434294482F;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto exponent = static_cast<std::int32_t>(bits - kHalfRoot) >> 23;
  const auto m = std::bit_cast<float>(bits - (static_cast<std::uint32_t>(exponent) << 23U));
  const float t = (m - 1.0F) / (m + 1.0F);
  const float s = t * t;
  const float series = 1.0F + s * (1.0F / 3.0F + s * (1.0F / 5.0F + s * (1.0F / 7.0F + s * (1.0F / 9.0F))));
  return static_cast<float>(exponent) * kLog10Of2 + 2.0F * kLog10OfE * t * series;
}

}  // namespace

float quickLog10(float value) {
  return log10Of(value);
}

void normalise(planet::VariableId id, const store::Moments& moments, std::span<const float> from, std::span<float> to) {
  const auto mean = static_cast<float>(moments.mean);
  const auto scale = static_cast<float>(1.0 / moments.deviation);
  const float* source = from.data();
  float* target = to.data();
  const std::size_t count = from.size();
  if (id == planet::VariableId::kSpecificHumidity) {
    constexpr float kSmallestHumidity = 1e-8F;  // dataset.md, "Climate cube"
    for (std::size_t i = 0; i < count; ++i) {
      const float q = source[i] > kSmallestHumidity ? source[i] : kSmallestHumidity;
      target[i] = (log10Of(q) - mean) * scale;
    }
  } else if (id == planet::VariableId::kSurfaceAirPressure) {
    for (std::size_t i = 0; i < count; ++i) target[i] = (log10Of(source[i]) - mean) * scale;
  } else {
    for (std::size_t i = 0; i < count; ++i) target[i] = (source[i] - mean) * scale;
  }
}

}  // namespace ecumene::data::batch
