// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "data/planet/cube.h"

namespace ecumene::data::store {

/// How the numbers of a climate variable lie in a file.
enum class Packing {
  kNone,    ///< float32 as given
  kLinear,  ///< int16: value = code * scale + offset (CF scale_factor, add_offset)
  kLog10,   ///< int16: log10(value) = code * scale; code kBelowFloor: 0
};
std::string_view name(Packing packing);
std::optional<Packing> findPacking(std::string_view name);

/// Largest error that packing may make in a variable, in its unit: |stored - given| <= max(absolute,
/// relative * |given|), or for kLinear with relative > 0: <= relative * largest |given| of the planet.
struct PackingRule {
  planet::VariableId id;
  Packing packing;
  double absoluteBound;
  double relativeBound;
};
/// One row for each variable, in canonical order.
std::span<const PackingRule, planet::kVariableCount> packingRules();

inline constexpr std::int16_t kBelowFloor = -32768;
inline constexpr double kHumidityFloor = 1e-9;  ///< smaller values are stored as 0
inline constexpr double kLogScale = 1.0 / 1024.0;

struct Packed {
  Packing packing = Packing::kNone;
  double scale = 1.0;  ///< a power of two, so that unpacking in float32 is exact
  double offset = 0.0;
  double bound = 0.0;         ///< the promise for this array: absolute (kLinear) or relative (kLog10)
  double largestError = 0.0;  ///< what was measured: as `bound`
  std::vector<std::int16_t> codes;
};

/// Codes within the rule's bound; none where int16 cannot hold the variable's range within it (the caller then stores
/// float32). The bound is measured on every value, not assumed.
std::optional<Packed> pack(planet::VariableId id, std::span<const float> values);

/// The inverse, from codes as two byte planes (HDF5's shuffle of little-endian int16): low bytes, then high bytes.
void unpackShuffled(Packing packing, double scale, double offset, std::span<const std::byte> planes,
                    std::span<float> values);
/// Packed variables before shuffling; the same numbers as unpackShuffled.
std::vector<float> unpack(const Packed& packed);

}  // namespace ecumene::data::store
