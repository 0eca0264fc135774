// SPDX-License-Identifier: Apache-2.0
#include "data/commands/shares.h"

#include <array>

namespace ecumene::data::commands {

Json sharesOf(std::span<const store::Row> rows) {
  std::array<double, 4> stars{};
  std::array<double, planet::kRegimeCount> regimes{};
  std::array<double, planet::kArchetypeCount> viable{};
  double planets = 0.0;
  double synchronous = 0.0;
  double habitable = 0.0;
  for (const store::Row& row : rows) {
    if (row.origin != planet::Origin::kGenerated) continue;
    planets += 1.0;
    if (row.star) stars.at(static_cast<std::size_t>(*row.star)) += 1.0;
    if (row.synchronous.value_or(false)) synchronous += 1.0;
    if (!row.labels) continue;
    regimes.at(static_cast<std::size_t>(row.labels->regime)) += 1.0;
    if (!row.labels->habitable) continue;
    habitable += 1.0;
    for (std::size_t a = 0; a < viable.size(); ++a) viable[a] += row.viable[a].value_or(0.0);
  }
  Json shares = Json::object();
  if (planets == 0.0) return shares;
  for (std::size_t s = 0; s < stars.size(); ++s) {
    shares["stars"][std::string(name(static_cast<planet::StarType>(s)))] = stars[s] / planets;
  }
  shares["synchronous"] = synchronous / planets;
  for (std::size_t r = 0; r < regimes.size(); ++r) {
    shares["regimes"][std::string(name(static_cast<planet::Regime>(r)))] = regimes[r] / planets;
  }
  shares["habitable"] = habitable / planets;
  for (std::size_t a = 0; a < viable.size(); ++a) {
    shares["viable_where_habitable"][std::string(name(static_cast<planet::Archetype>(a)))] =
        habitable > 0.0 ? Json(viable[a] / habitable) : Json(nullptr);
  }
  return shares;
}

Json flagCountsOf(std::span<const store::Row> rows) {
  Json counts = Json::object();
  for (const store::Row& row : rows) {
    if (!row.climateFlags) continue;
    planet::forEachField(*row.climateFlags, [&]<class T>(const char* flag, const T& value) {
      if constexpr (std::is_same_v<T, bool>) counts[flag] = counts.value(flag, std::size_t{0}) + (value ? 1U : 0U);
    });
  }
  return counts;
}

}  // namespace ecumene::data::commands
