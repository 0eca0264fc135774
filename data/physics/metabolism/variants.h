// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "data/planet/planet.h"

namespace ecumene::data::physics::metabolism {

/// Least and largest number of reactions of a generated network, exchanges and demand included.
inline constexpr std::size_t kLeastReactions = 30;
inline constexpr std::size_t kMostReactions = 120;

/// How the networks of one archetype are put together from the vocabulary: rows that all have, alternatives of which
/// each variant draws one ("A B | C D"), and rows that a variant may have.
struct Recipe {
  planet::Archetype archetype;
  std::string_view core;
  std::vector<std::string_view> choices;
  std::string_view optional;
};
std::span<const Recipe> recipes();

/// Variant number `variant` of an archetype: routes and optional rows drawn, lumped rows opened into their parts while
/// the network stays within a drawn size, and the growth window of a psychro-, meso- or thermophile. Depends on
/// (archetype, variant, seed) alone. Every variant grows in favourableMedium() (environment.h; a test holds it).
planet::Metabolism makeMetabolism(planet::Archetype archetype, int variant, std::uint64_t seed);

}  // namespace ecumene::data::physics::metabolism
