// SPDX-License-Identifier: Apache-2.0
#include "engine/report/scalar_rows.h"

#include <map>
#include <set>

namespace ecumene::engine::report {

using data::planet::Archetype;

ScalarValues scalarValues(const data::planet::Scalars& scalars) {
  ScalarValues values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& given = scalars.values.at(i);
    values.at(i) = given && given->limit == 0 ? given->value : kMissing;
  }
  return values;
}

std::vector<ScalarRow> scalarRows(const data::store::Store& store, const data::store::Filter& filter) {
  std::map<std::string, data::store::Row> listed;
  for (data::store::Row& row : store.list(filter)) {
    std::string id = row.id;
    listed.emplace(std::move(id), std::move(row));
  }
  std::vector<ScalarRow> rows;
  for (const data::store::SampleIndex& index : store.samples(filter, [](std::string_view) { return 1U; })) {
    const auto found = listed.find(index.cube.id);
    if (index.cases.empty() || found == listed.end()) continue;
    const data::store::Row& planet = found->second;
    const data::store::SampleParts parts = store.sample(index, {index.cases.front().position, {}, {}});
    ScalarRow row;
    row.planet = planet.id;
    row.system = planet.systemKey;
    row.split = name(planet.split);
    row.real = planet.origin != data::planet::Origin::kGenerated;
    row.scalars = scalarValues(parts.scalars);
    if (planet.labels) {
      row.truth.regime = static_cast<int>(planet.labels->regime);
      row.truth.habitable = planet.labels->habitable ? 1.0 : 0.0;
      row.truth.fHab = planet.labels->fHab;
      row.truth.h050 = planet.labels->h050;
    }
    std::set<Archetype> archetypes;
    for (const auto& metabolism : index.cases) archetypes.insert(metabolism.archetype);
    for (const Archetype archetype : archetypes) {
      row.archetype = static_cast<int>(archetype);
      row.sample = row.planet + "/" + std::string(name(archetype));
      row.truth.viable = planet.viable.at(static_cast<std::size_t>(archetype)).value_or(kMissing);
      rows.push_back(row);
    }
  }
  return rows;
}

}  // namespace ecumene::engine::report
