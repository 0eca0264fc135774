// SPDX-License-Identifier: Apache-2.0
// What catalogues and collections of texts say of a planet, by its names.
#include <algorithm>
#include <set>

#include "data/store/json_fields.h"
#include "data/store/name_search.h"
#include "data/store/state.h"

namespace ecumene::data::store {
namespace {

using planet::Planet;

planet::Text readText(const sql::Statement& query) {
  planet::Text text;
  text.id = query.text(0);
  text.title = query.text(1);
  text.body = query.text(2);
  text.source = query.text(3);
  text.licence = query.text(4);
  text.keywords = fromJsonText<std::vector<std::string>>(query.text(5));
  return text;
}

/// Fills scalars that the planet lacks; says which came from where.
void takeScalars(Planet& planet, const std::vector<CatalogueMatch>& matches) {
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

}  // namespace

std::vector<CatalogueMatch> Store::State::entriesNaming(std::string_view planetName) const {
  sql::Statement query(*connection,
                       "SELECT e.entry, f.provenance FROM catalogue_name n JOIN catalogue_entry e ON e.row = n.entry "
                       "JOIN catalogue_file f ON f.row = e.file WHERE n.normalised = ? ORDER BY e.row");
  query.bind(1, planet::normalisedName(planetName));
  std::vector<CatalogueMatch> matches;
  while (query.step()) {
    matches.push_back(
        {fromJsonText<planet::CatalogueEntry>(query.text(0)), fromJsonText<planet::Provenance>(query.text(1))});
  }
  return matches;
}

std::vector<planet::Text> Store::State::collectedNaming(std::string_view planetName) const {
  sql::Statement query(*connection,
                       "SELECT t.id, t.title, t.body, t.source, t.licence, t.keywords FROM text_name n "
                       "JOIN text t ON t.row = n.text WHERE n.normalised = ? ORDER BY t.row");
  query.bind(1, planet::normalisedName(planetName));
  std::vector<planet::Text> texts;
  while (query.step()) texts.push_back(readText(query));
  return texts;
}

std::vector<planet::Text> Store::State::collectedInProse(std::string_view name) const {
  std::vector<planet::Text> texts;
  const std::optional<SoughtName> sought = SoughtName::of(name);
  if (!sought) return texts;
  // SQLite leaves out nearly all texts, several times as quickly as they could be read.
  sql::Statement query(*connection,
                       "SELECT id, title, body, source, licence, keywords FROM text WHERE planet IS NULL AND "
                       "instr(replace(replace(replace(lower(title || char(10) || body), ' ', ''), '-', ''), '~', ''), "
                       "?) > 0 ORDER BY row");
  query.bind(1, sought->word());
  while (query.step()) {
    if (sought->isIn(query.text(1)) || sought->isIn(query.text(2))) texts.push_back(readText(query));
  }
  return texts;
}

Store::State::Namesakes Store::State::namesakes(const Planet& planet) const {
  Namesakes found{planet.aliases, {}};
  std::vector<std::string>& names = found.names;
  std::vector<CatalogueMatch>& matches = found.entries;
  names.insert(names.begin(), planet.name);
  std::set<std::string> sought;  // a catalogue may know the planet only by a name that another one adds
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!sought.insert(planet::normalisedName(names[i])).second) continue;
    for (CatalogueMatch& match : entriesNaming(names[i])) {
      const bool known = std::any_of(matches.begin(), matches.end(), [&](const CatalogueMatch& m) {
        return m.entry == match.entry && m.provenance == match.provenance;
      });
      if (known) continue;
      names.push_back(match.entry.planet);
      names.insert(names.end(), match.entry.aliases.begin(), match.entry.aliases.end());
      matches.push_back(std::move(match));
    }
  }
  return found;
}

void Store::State::join(Planet& planet) const {
  const Namesakes found = namesakes(planet);
  takeScalars(planet, found.entries);
  const auto take = [&planet](std::vector<planet::Text> texts) {
    for (planet::Text& text : texts) {
      const bool known = std::any_of(planet.texts.begin(), planet.texts.end(),
                                     [&](const planet::Text& t) { return t.id == text.id && t.body == text.body; });
      if (!known) planet.texts.push_back(std::move(text));
    }
  };
  std::set<std::string> sought;  // spellings of one name are sought once
  for (const std::string& name : found.names) {
    if (!sought.insert(planet::normalisedName(name)).second) continue;
    take(collectedNaming(name));
    take(collectedInProse(name));
  }
}

std::vector<CatalogueMatch> Store::catalogueEntries(std::string_view name) const {
  return state_->inSnapshot([&] { return state_->entriesNaming(name); });
}

std::vector<CatalogueMatch> Store::catalogueEntries(const Planet& planet) const {
  return state_->inSnapshot([&] { return state_->namesakes(planet).entries; });
}

std::vector<planet::Text> Store::textsNaming(std::string_view name) const {
  return state_->inSnapshot([&] { return state_->collectedNaming(name); });
}

std::vector<planet::Text> Store::collectionTexts() const {
  return state_->inSnapshot([&] {
    sql::Statement query(
        *state_->connection,
        "SELECT id, title, body, source, licence, keywords FROM text WHERE planet IS NULL ORDER BY row");
    std::vector<planet::Text> texts;
    while (query.step()) texts.push_back(readText(query));
    return texts;
  });
}

}  // namespace ecumene::data::store
