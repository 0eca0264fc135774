// SPDX-License-Identifier: Apache-2.0
#include "data/store/planet_rows.h"

#include <fmt/format.h>

#include <cstdint>
#include <set>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/planet/stated.h"
#include "data/store/checksum.h"
#include "data/store/json_fields.h"
#include "data/store/payload.h"

namespace ecumene::data::store {
namespace {

namespace fs = std::filesystem;
using planet::Planet;

std::vector<VariableFacts> variableFacts(const Planet& planet) {
  std::vector<VariableFacts> facts;
  if (!planet.climate) return facts;
  for (const planet::Field& field : planet.climate->fields) {
    facts.push_back({field.id, planet::statistics(*planet.climate, field)});
  }
  return facts;
}

std::int64_t insertPlanet(sql::Connection& connection, const PreparedPlanet& p) {
  const Planet& planet = p.planet;
  sql::Statement insert(
      connection,
      "INSERT INTO planet (id, name, origin, split, system_key, content_hash, payload_sha256, payload_bytes, "
      "dataset_version, star_type, start, synchronous, scenario, f_hab, h050, t_mean_k, ice_fraction, regime, "
      "habitable, "
      "runaway, has_climate, spectra, metabolisms, networks, texts, document, revision, excluded) "
      "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  insert.bind(1, planet.id).bind(2, planet.name).bind(3, name(planet.origin));
  insert.bind(4, name(splitOf(planet.origin, planet.systemKey))).bind(5, planet.systemKey).bind(6, p.hash);
  insert.bind(7, p.sha).bind(8, p.image.bytes.size()).bind(9, planet.datasetVersion);
  if (const auto star = starOf(planet); star) insert.bind(10, name(*star));
  if (planet.truth) {
    // Other climates have no start state that we know of.
    if (planet.origin == planet::Origin::kGenerated) insert.bind(11, name(planet.truth->start));
    if (const auto locked = planet::synchronous(planet.truth->bulk); locked) insert.bind(12, *locked);
    insert.bind(13, name(planet.truth->atmosphere.scenario));
  }
  if (planet.labels) {
    const planet::ClimateLabels& labels = *planet.labels;
    insert.bind(14, labels.fHab).bind(15, labels.h050).bind(16, labels.tMeanK).bind(17, labels.iceFraction);
    insert.bind(18, name(labels.regime)).bind(19, labels.habitable);
  }
  if (planet.climateFlags) insert.bind(20, planet.climateFlags->runaway);
  insert.bind(21, planet.climate.has_value()).bind(22, planet.spectra.size()).bind(23, planet.metabolisms.size());
  insert.bind(24, planet.networks.size()).bind(25, planet.texts.size()).bind(26, p.document);
  insert.bind(27, p.revision).bind(28, p.excluded).run();
  return connection.lastRow();
}

void insertArrays(sql::Connection& connection, std::int64_t row, const PreparedPlanet& p) {
  sql::Statement insert(connection, "INSERT INTO array VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  for (const ArrayPlace& place : p.image.places) {
    insert.bind(1, row).bind(2, place.path).bind(3, static_cast<int>(place.type));
    insert.bind(4, fmt::format("{}", fmt::join(place.shape, " ")));
    insert.bind(5, static_cast<std::int64_t>(place.position)).bind(6, static_cast<std::int64_t>(place.storedBytes));
    insert.bind(7, static_cast<std::int64_t>(place.crc32)).bind(8, name(place.packing));
    insert.bind(9, place.scale).bind(10, place.offset);
    for (const VariableFacts& fact : p.facts) {
      if (variablePath(fact.id, place.packing) != place.path) continue;
      insert.bind(11, static_cast<int>(fact.id));
      if (place.packing == Packing::kLinear) insert.bind(12, 0.5 * place.scale);
      if (place.packing == Packing::kLog10) {
        insert.bind(12, packingRules()[static_cast<std::size_t>(fact.id)].relativeBound);
      }
      insert.bind(13, fact.statistics.minimum).bind(14, fact.statistics.maximum);
      insert.bind(15, fact.statistics.areaWeightedMean);
    }
    insert.run();
  }
}

void insertRest(sql::Connection& connection, std::int64_t row, const PreparedPlanet& p) {
  const Planet& planet = p.planet;
  std::set<std::string> names{planet::normalisedName(planet.name)};
  for (const std::string& alias : planet.aliases) names.insert(planet::normalisedName(alias));
  sql::Statement insertName(connection, "INSERT INTO planet_name VALUES (?, ?)");
  for (const std::string& normalised : names) {
    if (!normalised.empty()) insertName.bind(1, normalised).bind(2, row).run();
  }
  sql::Statement insertText(
      connection,
      "INSERT INTO text (planet, position, id, title, body, source, licence, metabolism, keywords) "
      "VALUES (?,?,?,?,?,?,?,?,?)");
  for (std::size_t i = 0; i < planet.texts.size(); ++i) {
    const planet::Text& t = planet.texts[i];
    insertText.bind(1, row).bind(2, i).bind(3, t.id).bind(4, t.title).bind(5, t.body).bind(6, t.source);
    insertText.bind(7, t.licence).bind(8, t.metabolism).bind(9, p.keywords[i]).run();
  }
}

void insertMetabolisms(sql::Connection& connection, std::int64_t row, const PreparedPlanet& prepared) {
  const Planet& planet = prepared.planet;
  sql::Statement insert(connection, "INSERT INTO metabolism VALUES (?,?,?,?,?,?,?,?,?,?)");
  for (std::size_t i = 0; i < planet.metabolisms.size(); ++i) {
    const planet::MetabolismCase& c = planet.metabolisms[i];
    insert.bind(1, row).bind(2, i).bind(3, name(c.metabolism.archetype)).bind(4, c.metabolism.variant);
    insert.bind(5, prepared.metabolisms[i].metabolites).bind(6, prepared.metabolisms[i].reactions);
    if (c.viability) {
      insert.bind(7, c.viability->viable).bind(8, c.viability->growthPerHour).bind(9, c.viability->window);
      insert.bind(10, c.viability->catabolicEnergyKJ);
    }
    insert.run();
  }
}

void insertQuality(sql::Connection& connection, std::int64_t row, std::span<const planet::QualityCheck> checks) {
  sql::Statement insert(connection, "INSERT INTO quality VALUES (?,?,?,?,?,?,?)");
  std::size_t failed = 0;
  for (std::size_t i = 0; i < checks.size(); ++i) {
    const planet::QualityCheck& check = checks[i];
    failed += check.passed ? 0 : 1;
    insert.bind(1, row).bind(2, i).bind(3, check.name).bind(4, check.value).bind(5, check.limit);
    insert.bind(6, check.passed).bind(7, check.message).run();
  }
  sql::Statement(connection, "UPDATE planet SET failed_checks = ? WHERE row = ?").bind(1, failed).bind(2, row).run();
}

void forgetStatistics(sql::Connection& connection) {
  connection.execute("DELETE FROM set_statistics");
  seal(connection, Sealed::kSetStatistics, 0, "");
}

}  // namespace

std::optional<planet::StarType> starOf(const Planet& planet) {
  if (const auto known = planet.truth ? planet::starType(planet.truth->star) : std::nullopt; known) return known;
  const auto& measured = planet.scalars[planet::ScalarId::kStellarTemperature];
  if (measured && measured->limit == 0) return planet::starType(measured->value);
  return std::nullopt;
}

PreparedPlanet prepare(const Planet& planet, std::string hash) {
  PreparedPlanet p;
  p.hash = std::move(hash);
  p.planet = withoutArrays(planet);
  Planet document = p.planet;
  document.texts.clear();
  document.quality.clear();
  p.document = toJsonText(document);
  for (const planet::Text& text : planet.texts) {
    p.keywords.push_back(toJsonText(text.keywords));
    (void)toJsonText(text);  // Refuses texts that are not UTF-8.
  }
  for (const planet::MetabolismCase& c : planet.metabolisms) {
    p.metabolisms.push_back({c.metabolism.network.metabolites.size(), c.metabolism.network.reactions.size()});
  }
  const std::vector<Array> arrays = payloadArrays(planet);
  p.image = buildHdf5Image(arrays, rootAttributes(planet));
  p.sha = sha256(p.image.bytes);
  p.facts = variableFacts(planet);
  return p;
}

void writePayload(const fs::path& path, const Hdf5Image& image) {
  const fs::path group = path.parent_path();
  std::error_code problem;
  if (fs::create_directory(group, problem)) syncToDisk(group.parent_path());
  if (problem) throw systemError("cannot make a folder", group.string(), problem.value());
  writeFileAtomically(path, std::string_view(reinterpret_cast<const char*>(image.bytes.data()), image.bytes.size()));
}

void insertRows(sql::Connection& connection, const PreparedPlanet& prepared) {
  const std::int64_t row = insertPlanet(connection, prepared);
  insertArrays(connection, row, prepared);
  insertRest(connection, row, prepared);
  insertMetabolisms(connection, row, prepared);
  insertQuality(connection, row, prepared.planet.quality);
  seal(connection, Sealed::kPlanet, row, prepared.planet.id);
  forgetStatistics(connection);
}

void replaceQuality(sql::Connection& connection, std::int64_t row, const std::string& id,
                    std::span<const planet::QualityCheck> checks, bool excluded) {
  sql::Statement(connection, "DELETE FROM quality WHERE planet = ?").bind(1, row).run();
  insertQuality(connection, row, checks);
  sql::Statement update(connection, "UPDATE planet SET excluded = ? WHERE row = ? AND excluded <> ?");
  update.bind(1, excluded).bind(2, row).bind(3, excluded).run();
  if (connection.changes() > 0) forgetStatistics(connection);
  seal(connection, Sealed::kPlanet, row, id);
}

void removeRows(sql::Connection& connection, std::int64_t row) {
  sql::Statement(connection, "DELETE FROM planet WHERE row = ?").bind(1, row).run();
  unseal(connection, Sealed::kPlanet, row);
  forgetStatistics(connection);
}

}  // namespace ecumene::data::store
