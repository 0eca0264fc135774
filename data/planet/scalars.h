// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ecumene::data::planet {

/// The observables of star and planet (dataset.md, "Scalars"): the model's planet_params, in this order.
enum class ScalarId {
  kStellarFlux,
  kStellarTemperature,
  kStellarRadius,
  kPlanetRadius,
  kGravity,
  kOrbitalPeriod,
  kEccentricity,
  kRotationPeriod,
  kObliquity,
  kSurfacePressure,
};
inline constexpr std::size_t kScalarCount = 10;

struct ScalarInfo {
  ScalarId id;
  std::string_view name, unit;
  double validMin, validMax;  ///< inclusive, in `unit`
};
std::span<const ScalarInfo, kScalarCount> scalars();
const ScalarInfo& info(ScalarId id);

struct Measurement {
  double value = 0.0;
  double sigma = 0.0;  ///< 1-sigma, 0 if not stated
  /// -1: `value` is a lower limit, +1: an upper limit, 0: a measurement. Limits are kept, never used as values.
  int limit = 0;
  bool operator==(const Measurement&) const = default;
};

/// What a survey knows; a missing one is absent, never filled.
struct Scalars {
  std::array<std::optional<Measurement>, kScalarCount> values;
  std::optional<Measurement>& operator[](ScalarId id) { return values[static_cast<std::size_t>(id)]; }
  const std::optional<Measurement>& operator[](ScalarId id) const { return values[static_cast<std::size_t>(id)]; }
  bool operator==(const Scalars&) const = default;
};

}  // namespace ecumene::data::planet
