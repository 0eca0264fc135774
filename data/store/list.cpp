// SPDX-License-Identifier: Apache-2.0
#include <cctype>
#include <map>
#include <variant>

#include "data/base/error.h"
#include "data/store/json_fields.h"
#include "data/store/payload.h"
#include "data/store/planet_rows.h"
#include "data/store/state.h"

namespace ecumene::data::store {
namespace {

using planet::Origin;
using planet::Split;

/// The enumerator whose name() this is. Throws Error on a word that this version does not know.
template <class Enum>
Enum named(const std::string& text, int count) {
  for (int i = 0; i < count; ++i) {
    if (name(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  }
  throw Error("the catalogue holds an unknown word").found(text).next("use the version of Ecumene that wrote it");
}

/// WHERE clause with its values, in order.
struct Where {
  std::string text = " WHERE 1";
  std::vector<std::variant<std::string, std::int64_t>> values;

  void add(const std::string& condition) { text += " AND " + condition; }
  void add(const std::string& condition, std::variant<std::string, std::int64_t> value) {
    add(condition);
    values.push_back(std::move(value));
  }
  void bindTo(sql::Statement& statement) const {
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::visit([&](const auto& value) { statement.bind(static_cast<int>(i) + 1, value); }, values[i]);
    }
  }
};

Where whereOf(const Filter& filter) {
  Where where;
  if (filter.split) where.add("p.split = ?", std::string(name(*filter.split)));
  if (filter.origin) where.add("p.origin = ?", std::string(name(*filter.origin)));
  // Catalogues may know the star of an observed planet.
  if (filter.star) where.add("(p.star_type = ? OR p.origin = 'observed')", std::string(name(*filter.star)));
  if (filter.regime) where.add("p.regime = ?", std::string(name(*filter.regime)));
  if (filter.habitable) where.add("p.habitable = ?", std::int64_t{*filter.habitable ? 1 : 0});
  if (filter.hasClimate) where.add("p.has_climate = ?", std::int64_t{*filter.hasClimate ? 1 : 0});
  if (filter.hasSpectrum) where.add("(p.spectra > 0) = ?", std::int64_t{*filter.hasSpectrum ? 1 : 0});
  if (filter.hasNetwork) {
    where.add("(p.networks + p.metabolisms > 0) = ?", std::int64_t{*filter.hasNetwork ? 1 : 0});
  }
  if (filter.leaveOutExcluded) where.add("p.excluded = 0");
  if (filter.nameContains) {
    std::string lower;
    for (const char c : *filter.nameContains) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    where.add(
        "(instr(lower(p.id || char(10) || p.name), ?) > 0 OR EXISTS (SELECT 1 FROM planet_name n "
        "WHERE n.planet = p.row AND instr(n.normalised, ?) > 0))",
        lower);
    // Names are compared without blanks and hyphens, where anything is left of the words.
    const std::string plain = planet::normalisedName(lower);
    where.values.emplace_back(plain.empty() ? lower : plain);
  }
  return where;
}

Row readRow(const sql::Statement& q) {
  Row row;
  row.id = q.text(1);
  row.name = q.text(2);
  row.origin = named<Origin>(q.text(3), 5);
  row.split = named<Split>(q.text(4), 6);
  row.systemKey = q.text(5);
  row.contentHash = q.text(6);
  if (!q.isNull(7)) row.star = named<planet::StarType>(q.text(7), 4);
  if (!q.isNull(8)) row.start = named<planet::StartState>(q.text(8), 2);
  if (!q.isNull(9)) row.synchronous = q.integer(9) != 0;
  if (!q.isNull(10)) row.scenario = named<planet::RedoxScenario>(q.text(10), 7);
  if (!q.isNull(11)) row.climateFlags = fromJsonText<planet::ClimateFlags>(q.text(11));
  row.hasClimate = q.integer(12) != 0;
  row.spectra = static_cast<std::size_t>(q.integer(13));
  row.metabolisms = static_cast<std::size_t>(q.integer(14));
  row.networks = static_cast<std::size_t>(q.integer(15));
  row.texts = static_cast<std::size_t>(q.integer(16));
  row.failedChecks = static_cast<std::size_t>(q.integer(17));
  row.excluded = q.integer(18) != 0;
  row.payloadBytes = static_cast<std::uint64_t>(q.integer(19));
  if (!q.isNull(20)) row.labels = fromJsonText<planet::ClimateLabels>(q.text(20));
  if (!q.isNull(21)) row.aliases = fromJsonText<std::vector<std::string>>(q.text(21));
  return row;
}

}  // namespace

std::vector<Row> Store::list(const Filter& filter) const {
  // As get() would give them.
  const auto joined = [&](std::int64_t number, Row& row) {
    sql::Statement query(*state_->connection, "SELECT document FROM planet WHERE row = ?");
    query.bind(1, number);
    if (!query.step()) throw internalError("a planet's row is gone within one snapshot");
    auto planet = fromJsonText<planet::Planet>(query.text(0));
    planet.texts = state_->texts(number);
    state_->join(planet);
    row.texts = planet.texts.size();
    row.star = starOf(planet);
  };
  return state_->inSnapshot([&] {
    const Where where = whereOf(filter);
    std::vector<Row> rows;
    std::map<std::int64_t, std::size_t> position;
    {
      sql::Statement query(*state_->connection,
                           "SELECT p.row, p.id, p.name, p.origin, p.split, p.system_key, p.content_hash, p.star_type, "
                           "p.start, p.synchronous, p.scenario, "
                           "json_extract(p.document, '$.climate_flags'), p.has_climate, p.spectra, p.metabolisms, "
                           "p.networks, p.texts, p.failed_checks, p.excluded, p.payload_bytes, "
                           "json_extract(p.document, '$.labels'), json_extract(p.document, '$.aliases') FROM planet p" +
                               where.text + " ORDER BY p.id");
      where.bindTo(query);
      while (query.step()) {
        position[query.integer(0)] = rows.size();
        rows.push_back(readRow(query));
      }
    }
    sql::Statement query(
        *state_->connection,
        "SELECT m.planet, m.archetype, avg(m.viable) FROM metabolism m JOIN planet p ON p.row = m.planet" + where.text +
            " AND m.viable IS NOT NULL GROUP BY m.planet, m.archetype");
    where.bindTo(query);
    while (query.step()) {
      const auto found = position.find(query.integer(0));
      const std::optional<planet::Archetype> archetype = planet::findArchetype(query.text(1));
      if (!archetype) throw Error("the catalogue holds an unknown metabolism").found(query.text(1));
      if (found == position.end()) continue;  // Another process added it between the two queries.
      rows[found->second].viable[static_cast<std::size_t>(*archetype)] = query.real(2);
    }
    for (const auto& [number, i] : position) {
      if (rows[i].origin == Origin::kObserved) joined(number, rows[i]);
    }
    if (filter.star) std::erase_if(rows, [&](const Row& row) { return row.star != filter.star; });
    return rows;
  });
}

std::vector<CubeIndex> Store::cubes(const Filter& filter) const {
  return state_->inSnapshot([&] {
    Where where = whereOf(filter);
    where.add("p.has_climate = 1");
    sql::Statement query(
        *state_->connection,
        "SELECT p.id, p.system_key, p.split, a.variable, a.packing, a.scale, a.add_offset, a.position, "
        "a.stored_bytes, a.crc32, a.shape, p.revision FROM planet p JOIN array a ON a.planet = p.row" +
            where.text + " AND a.variable IS NOT NULL ORDER BY p.id, a.variable");
    where.bindTo(query);
    std::vector<CubeIndex> cubes;
    while (query.step()) {
      const std::string id = query.text(0);
      if (cubes.empty() || cubes.back().id != id) {
        CubeIndex cube;
        cube.id = id;
        cube.systemKey = query.text(1);
        cube.split = named<Split>(query.text(2), 6);
        cube.file = state_->payloadPath(id, query.integer(11));
        cubes.push_back(std::move(cube));
      }
      CubeIndex::Place place;
      const std::string packing = query.text(4);
      place.packed = packing != name(Packing::kNone);
      place.logarithmic = packing == name(Packing::kLog10);
      place.scale = query.real(5);
      place.offset = query.real(6);
      place.position = static_cast<std::uint64_t>(query.integer(7));
      place.storedBytes = static_cast<std::uint32_t>(query.integer(8));
      place.crc32 = static_cast<std::uint32_t>(query.integer(9));
      place.count = countOfShape(query.text(10));
      requirePlausible(place.storedBytes, checkedMultiply(place.count, place.packed ? 2 : 4, id), id);
      const std::int64_t variable = query.integer(3);
      if (variable < 0 || variable >= static_cast<std::int64_t>(planet::kVariableCount)) {
        throw Error("the catalogue is damaged: it names an unknown variable")
            .on(id)
            .found(std::to_string(variable))
            .next("`ecumene-data check` says what else is damaged");
      }
      cubes.back().variables[static_cast<std::size_t>(variable)] = place;
    }
    return cubes;
  });
}

std::vector<VariableSummary> Store::variableSummaries(const std::string& id) const {
  return state_->inSnapshot([&] {
    const std::int64_t row = state_->requireRow(id);
    sql::Statement query(*state_->connection,
                         "SELECT variable, minimum, maximum, area_weighted_mean, error_bound, packing FROM array "
                         "WHERE planet = ? AND variable IS NOT NULL ORDER BY variable");
    query.bind(1, row);
    std::vector<VariableSummary> summaries;
    while (query.step()) {
      VariableSummary summary;
      summary.id = planet::variables()[static_cast<std::size_t>(query.integer(0)) % planet::kVariableCount].id;
      summary.statistics = {query.real(1), query.real(2), query.real(3)};
      const double bound = query.optionalReal(4).value_or(0.0);
      (query.text(5) == name(Packing::kLog10) ? summary.relativeBound : summary.absoluteBound) = bound;
      summaries.push_back(summary);
    }
    return summaries;
  });
}

std::vector<SplitCount> Store::splits() const {
  return state_->inSnapshot([&] {
    sql::Statement query(*state_->connection,
                         "SELECT split, count(*), count(DISTINCT system_key) FROM planet GROUP BY split");
    std::vector<SplitCount> counts;
    for (int i = 0; i < 6; ++i) counts.push_back({static_cast<Split>(i), 0, 0});
    while (query.step()) {
      SplitCount& count = counts[static_cast<std::size_t>(named<Split>(query.text(0), 6))];
      count.planets = static_cast<std::size_t>(query.integer(1));
      count.systems = static_cast<std::size_t>(query.integer(2));
    }
    return counts;
  });
}

Totals Store::totals() const {
  return state_->inSnapshot([&] {
    sql::Connection& connection = *state_->connection;
    Totals totals;
    totals.planets = static_cast<std::size_t>(connection.integer("SELECT count(*) FROM planet"));
    totals.payloadBytes =
        static_cast<std::uint64_t>(connection.integer("SELECT coalesce(sum(payload_bytes), 0) FROM planet"));
    totals.catalogueEntries = static_cast<std::size_t>(connection.integer("SELECT count(*) FROM catalogue_entry"));
    totals.collectionTexts =
        static_cast<std::size_t>(connection.integer("SELECT count(*) FROM text WHERE planet IS NULL"));
    return totals;
  });
}

bool Store::contains(const std::string& id) const {
  State::requireValidId(id);
  return state_->inSnapshot([&] { return state_->rowOf(id).has_value(); });
}

std::optional<std::string> Store::findContent(const std::string& hash) const {
  return state_->inSnapshot([&]() -> std::optional<std::string> {
    sql::Statement query(*state_->connection, "SELECT id FROM planet WHERE content_hash = ?");
    query.bind(1, hash);
    if (!query.step()) return std::nullopt;
    return query.text(0);
  });
}

std::unordered_set<std::string> Store::ids() const {
  return state_->inSnapshot([&] {
    sql::Statement query(*state_->connection, "SELECT id FROM planet");
    std::unordered_set<std::string> ids;
    while (query.step()) ids.insert(query.text(0));
    return ids;
  });
}

}  // namespace ecumene::data::store
