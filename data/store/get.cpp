// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "data/base/error.h"
#include "data/store/checksum.h"
#include "data/store/json_fields.h"
#include "data/store/payload.h"
#include "data/store/state.h"

namespace ecumene::data::store {
namespace {

using planet::Planet;

/// Fills scalars that the planet lacks; says which came from where.
void join(Planet& planet, const std::vector<CatalogueMatch>& matches) {
  for (const CatalogueMatch& match : matches) {
    std::string taken;
    for (const planet::ScalarInfo& row : planet::scalars()) {
      const auto& offered = match.entry.scalars[row.id];
      auto& own = planet.scalars[row.id];
      // A measurement is worth more than a limit.
      const bool better = offered && (!own || (own->limit != 0 && offered->limit == 0));
      if (!better) continue;
      own = offered;
      taken += (taken.empty() ? "" : ", ") + std::string(row.name);
    }
    if (taken.empty()) continue;
    planet::Provenance provenance = match.provenance;
    provenance.part = "scalars";
    provenance.conversions = "joined by the name '" + match.entry.planet + "': " + taken +
                             (provenance.conversions.empty() ? "" : "; " + provenance.conversions);
    planet.provenance.push_back(std::move(provenance));
  }
}

bool sameText(const planet::Text& a, const planet::Text& b) {
  return a.id == b.id && a.body == b.body;
}

}  // namespace

std::vector<planet::Text> Store::State::texts(std::int64_t row, const std::optional<std::uint32_t>& position) const {
  sql::Statement query(*connection,
                       std::string("SELECT id, title, body, source, licence, keywords, metabolism FROM text "
                                   "WHERE planet = ?") +
                           (position ? " AND position = ?" : " ORDER BY position"));
  query.bind(1, row);
  if (position) query.bind(2, static_cast<std::int64_t>(*position));
  std::vector<planet::Text> texts;
  while (query.step()) {
    planet::Text text;
    text.id = query.text(0);
    text.title = query.text(1);
    text.body = query.text(2);
    text.source = query.text(3);
    text.licence = query.text(4);
    text.keywords = fromJsonText<std::vector<std::string>>(query.text(5));
    if (!query.isNull(6)) text.metabolism = static_cast<std::size_t>(query.integer(6));
    texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<planet::QualityCheck> Store::State::quality(std::int64_t row) const {
  sql::Statement query(
      *connection, "SELECT name, value, check_limit, passed, message FROM quality WHERE planet = ? ORDER BY position");
  query.bind(1, row);
  std::vector<planet::QualityCheck> checks;
  while (query.step()) {
    checks.push_back({query.text(0), query.real(1), query.real(2), query.integer(3) != 0, query.text(4)});
  }
  return checks;
}

Planet Store::get(const std::string& id) const {
  const std::filesystem::path path = state_->payloadPath(id);
  Planet planet = state_->naming([&] {
    Planet stored;
    std::vector<ArrayPlace> places;
    {
      const std::lock_guard lock(state_->mutex);
      sql::Connection& connection = *state_->connection;
      const sql::Snapshot snapshot(connection);
      const std::int64_t row = state_->requireRow(id);
      requireSealed(connection, row, state_->folder.string() + ": " + id);
      sql::Statement query(connection, "SELECT document FROM planet WHERE row = ?");
      query.bind(1, row);
      if (!query.step()) throw internalError("a planet's row is gone within one snapshot");
      stored = fromJsonText<Planet>(query.text(0));
      stored.texts = state_->texts(row);
      stored.quality = state_->quality(row);
      places = state_->places(row);
    }
    PayloadFile file(path, std::move(places));
    restoreArrays(stored, file);
    return stored;
  });
  if (planet.origin != planet::Origin::kObserved) return planet;

  std::vector<std::string> names = planet.aliases;
  names.insert(names.begin(), planet.name);
  std::vector<CatalogueMatch> matches;
  for (std::size_t i = 0, own = names.size(); i < own; ++i) {
    for (CatalogueMatch& match : catalogueEntries(names[i])) {
      const bool known = std::any_of(matches.begin(), matches.end(), [&](const CatalogueMatch& m) {
        return m.entry == match.entry && m.provenance == match.provenance;
      });
      if (known) continue;
      names.push_back(match.entry.planet);
      names.insert(names.end(), match.entry.aliases.begin(), match.entry.aliases.end());
      matches.push_back(std::move(match));
    }
  }
  join(planet, matches);
  for (const std::string& name : names) {
    for (planet::Text& text : textsNaming(name)) {
      const bool known = std::any_of(planet.texts.begin(), planet.texts.end(),
                                     [&](const planet::Text& t) { return sameText(t, text); });
      if (!known) planet.texts.push_back(std::move(text));
    }
  }
  return planet;
}

std::vector<float> Store::getVariable(const std::string& id, planet::VariableId variable) const {
  const std::filesystem::path path = state_->payloadPath(id);
  std::vector<ArrayPlace> places;
  {
    const std::lock_guard lock(state_->mutex);
    places = state_->places(state_->requireRow(id));
  }
  PayloadFile file(path, std::move(places));
  std::vector<float> values = file.field(variable);
  if (values.empty()) {
    throw Error("the planet lacks a variable").on(id).expected(std::string(planet::info(variable).name));
  }
  return values;
}

}  // namespace ecumene::data::store
