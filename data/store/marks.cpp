// SPDX-License-Identifier: Apache-2.0
// Marks of quality checks are those of the planet as it is read, with what catalogues say of it.
#include "data/base/error.h"
#include "data/store/planet_rows.h"
#include "data/store/state.h"

namespace ecumene::data::store {

using planet::Planet;

bool Store::State::judgeJoined(Planet& planet, const Judge& judge) const {
  Planet joined = planet;
  if (joined.origin == planet::Origin::kObserved) inSnapshot([&] { join(joined); });
  const bool excluded = judge(joined);
  planet.quality = std::move(joined.quality);
  return excluded;
}

void Store::judgeNamed(const Judge& judge) {
  State& state = *state_;
  state.requireWriter();
  const std::lock_guard one(state.observedMutex);
  const std::vector<std::string> ids = state.inSnapshot([&] {
    sql::Statement query(*state.connection,
                         "SELECT DISTINCT p.id FROM planet p JOIN planet_name n ON n.planet = p.row "
                         "JOIN catalogue_name c ON c.normalised = n.normalised ORDER BY p.id");
    std::vector<std::string> found;
    while (query.step()) found.push_back(query.text(0));
    return found;
  });
  for (const std::string& id : ids) {
    Planet planet;
    try {
      planet = state.stored(id);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kInput) throw;
      continue;  // removed meanwhile, or damaged
    }
    const std::vector<planet::QualityCheck> before = planet.quality;
    const bool excluded = state.judgeJoined(planet, judge);
    if (planet.quality == before) continue;
    state.commits->run([&](sql::Connection& connection) {
      const std::optional<std::int64_t> row = state.rowOf(id);
      if (row) replaceQuality(connection, *row, id, planet.quality, excluded);
    });
  }
}

}  // namespace ecumene::data::store
