// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "data/commands/commands.h"
#include "data/commands/planet_json.h"
#include "data/commands/planet_text.h"
#include "data/formats/common/shown_text.h"
#include "data/planet/designation.h"
#include "data/store/store.h"

namespace ecumene::data::commands {
namespace {

/// What a store knows by a name that is no planet's id.
struct Known {
  std::vector<store::CatalogueMatch> entries;
  std::vector<planet::Text> texts;
  std::vector<std::string> planets;  ///< ids of those that have the name
};

Known knownBy(const store::Store& store, const std::string& name) {
  const std::string wanted = planet::normalisedName(name);
  if (wanted.empty()) return {};
  Known known{store.catalogueEntries(name), store.textsNaming(name), {}};
  if (known.entries.empty() && known.texts.empty()) return known;
  for (const store::Row& row : store.list()) {
    const auto isWanted = [&](const std::string& other) { return planet::normalisedName(other) == wanted; };
    if (isWanted(row.name) || std::any_of(row.aliases.begin(), row.aliases.end(), isWanted))
      known.planets.push_back(row.id);
  }
  return known;
}

Json knownToJson(const Known& known) {
  Json entries = Json::array(), texts = Json::array();
  for (const store::CatalogueMatch& match : known.entries) {
    entries.push_back({{"planet", match.entry.planet},
                       {"host", match.entry.host},
                       {"aliases", match.entry.aliases},
                       {"scalars", scalarsToJson(match.entry.scalars)},
                       {"provenance", toJson(match.provenance)}});
  }
  for (const planet::Text& text : known.texts) texts.push_back(textToJson(text));
  return {{"id", nullptr}, {"planets", known.planets}, {"catalogue_entries", entries}, {"texts", texts}};
}

void printKnown(const std::string& name, const Known& known) {
  const std::string shown = formats::shownText(name);
  if (known.planets.empty()) {
    fmt::print("'{}' is no planet of the store; what catalogues and texts say of it:\n", shown);
  } else {
    fmt::print("'{}' is a name of {}, which `ecumene-data show` shows; what catalogues and texts say of it:\n", shown,
               fmt::join(known.planets, ", "));
  }
  for (const store::CatalogueMatch& match : known.entries) {
    const planet::CatalogueEntry& entry = match.entry;
    const planet::Provenance& from = match.provenance;
    fmt::print("\n{}{}\n", entry.planet, entry.host.empty() ? "" : ", host " + entry.host);
    if (!entry.aliases.empty()) fmt::print("also known as {}\n", fmt::join(entry.aliases, ", "));
    fmt::print("from {}, {}{}\n", from.source, from.generator, from.licence.empty() ? "" : ", licence " + from.licence);
    if (!from.conversions.empty()) fmt::print("    {}\n", from.conversions);
    if (!from.assumptions.empty())
      fmt::print("    assumed of the whole file: {} statements, which --json has\n", from.assumptions.size());
    printScalars(entry.scalars);
  }
  printTexts(known.texts);
}

}  // namespace

int show(const Common& common, const std::string& id) {
  const store::Store store = store::Store::open(common.store, store::Mode::kRead);
  if (!planet::isValidId(id) || !store.contains(id)) {
    if (const Known known = knownBy(store, id); !known.entries.empty() || !known.texts.empty()) {
      common.json ? fmt::print("{}\n", printed(knownToJson(known))) : printKnown(id, known);
      return 0;
    }
  }
  const planet::Planet p = store.get(id);
  const std::vector<store::VariableSummary> summaries =
      p.climate ? store.variableSummaries(id) : std::vector<store::VariableSummary>{};
  if (common.json) {
    fmt::print("{}\n", printed(planetToJson(p, summaries)));
  } else {
    printPlanet(p, summaries);
  }
  return 0;
}

}  // namespace ecumene::data::commands
