// SPDX-License-Identifier: Apache-2.0
// A climate that left a store as a file is the planet that is there when it comes back.
#include <algorithm>
#include <cmath>
#include <type_traits>

#include "data/base/hash.h"
#include "data/planet/fields.h"
#include "data/store/packing.h"
#include "data/store/payload.h"
#include "data/store/state.h"

namespace ecumene::data::store {
namespace {

using planet::Planet;

/// The numbers of whatever fields.h walks, in its order.
class Numbers {
 public:
  template <class T>
  void operator()(const char* name, const T& value) {
    if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
      all.push_back(static_cast<double>(value));
    } else if constexpr (requires { value.has_value(); }) {
      (*this)(name, value.has_value());
      if (value) (*this)(name, *value);
    } else if constexpr (requires { value.begin(); }) {
      for (const auto& one : value) (*this)(name, one);
    } else {
      planet::forEachField(value, *this);
    }
  }

  std::vector<double> all;
};

/// What a file states of a planet besides its climate. The surface is not among it: it follows from the maps.
std::vector<double> stated(const Planet& planet) {
  Numbers numbers;
  numbers("scalars", planet.scalars);
  numbers("truth", planet.truth.has_value());
  if (planet.truth) {
    numbers("star", planet.truth->star);
    numbers("orbit", planet.truth->orbit);
    numbers("bulk", planet.truth->bulk);
    numbers("atmosphere", planet.truth->atmosphere);
  }
  return numbers.all;
}

/// But for what another unit rounds: files have pressures in bar.
bool isSame(double a, double b) {
  constexpr double kShare = 1e-9, kLeast = 1e-12;
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::abs(a - b) <= std::max(kLeast, kShare * std::max(std::abs(a), std::abs(b)));
}

/// Keys of systems are compared by what all of them have.
std::string systemOf(const Planet& planet) {
  constexpr std::size_t kLength = 16;
  return planet.systemKey.substr(0, kLength);
}

/// The field by which climates are told apart before all of them are compared: small, and of every model.
const planet::Field& tellingField(const planet::ClimateCube& cube) {
  const planet::Field* surface = cube.find(planet::VariableId::kSurfaceTemperature);
  return surface != nullptr ? *surface : cube.fields.front();
}

}  // namespace

std::string Store::State::climateKey(const Planet& planet) {
  if (!planet.climate || planet.climate->fields.empty() || planet.systemKey.empty() ||
      planet.origin == planet::Origin::kGenerated) {
    return {};
  }
  const planet::Field& field = tellingField(*planet.climate);
  const std::optional<Packed> packed = pack(field.id, field.values);
  const std::vector<float> kept = packed ? unpack(*packed) : field.values;
  return "climate " + systemOf(planet) + " " + sha256(std::as_bytes(std::span(kept)));
}

std::optional<std::string> Store::State::sameClimate(const Planet& given) const {
  const planet::Field& field = tellingField(*given.climate);
  const planet::FieldStatistics size = planet::statistics(*given.climate, field);
  const std::vector<std::string> candidates = inSnapshot([&] {
    const std::string system = systemOf(given);
    // What the catalogue says is of the values before they were packed, which moves each by the bound at most.
    sql::Statement query(*connection,
                         "SELECT p.id FROM planet p JOIN array a ON a.planet = p.row AND a.path IN (?3, ?4) "
                         "WHERE p.system_key >= ?1 AND p.system_key <= ?1 || '~' AND p.origin = ?2 AND (a.path = ?4 "
                         "OR max(abs(a.minimum - ?5), abs(a.maximum - ?6), abs(a.area_weighted_mean - ?7)) "
                         "<= coalesce(a.error_bound, 0)) ORDER BY p.row");
    query.bind(1, system).bind(2, name(given.origin));
    query.bind(3, variablePath(field.id, Packing::kNone)).bind(4, variablePath(field.id, Packing::kLog10));
    query.bind(5, size.minimum).bind(6, size.maximum).bind(7, size.areaWeightedMean);
    std::vector<std::string> ids;
    while (query.step()) ids.push_back(query.text(0));
    return ids;
  });
  if (candidates.empty()) return std::nullopt;
  const planet::ClimateCube kept = keptClimate(*given.climate);
  const std::vector<double> wanted = stated(given);
  for (const std::string& id : candidates) {
    if (busyIds.contains(id)) continue;  // It is being removed.
    try {
      const Planet there = stored(id);
      const std::vector<double> found = stated(there);
      if (there.climate == kept && std::equal(found.begin(), found.end(), wanted.begin(), wanted.end(), isSame))
        return id;
    } catch (const Error& error) {
      // A damaged planet is not the one that came; check() tells of it.
      if (error.kind() != ErrorKind::kInput) throw;
    }
  }
  return std::nullopt;
}

}  // namespace ecumene::data::store
