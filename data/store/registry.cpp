// SPDX-License-Identifier: Apache-2.0
// Catalogues, collections of texts and runs of the generator: what the store keeps beside planets.
#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/store/checksum.h"
#include "data/store/json_fields.h"
#include "data/store/state.h"

namespace ecumene::data::store {
namespace {

void insertNames(sql::Connection& connection, const char* statement, std::int64_t row,
                 const std::vector<std::string>& names) {
  sql::Statement insert(connection, statement);
  std::set<std::string> normalised;
  for (const std::string& name : names) normalised.insert(planet::normalisedName(name));
  for (const std::string& name : normalised) {
    if (!name.empty()) insert.bind(1, name).bind(2, row).run();
  }
}

}  // namespace

CatalogueResult Store::addCatalogue(const planet::Import& catalogue) {
  state_->requireWriter();
  if (catalogue.kind != planet::ImportKind::kCatalogue) throw internalError("this import is not a catalogue");
  std::vector<std::string> entries;
  for (const planet::CatalogueEntry& entry : catalogue.entries) entries.push_back(toJsonText(entry));
  const std::string provenance = toJsonText(catalogue.provenance);
  // Without a source file the entries themselves say whether they are the same.
  std::string key = catalogue.provenance.sha256;
  if (key.empty()) key = sha256(toJsonText(catalogue.entries));
  CatalogueResult result{catalogue.entries.size(), false};
  state_->commits->run([&](sql::Connection& connection) {
    sql::Statement known(connection, "SELECT row FROM catalogue_file WHERE sha256 = ?");
    known.bind(1, key);
    result.replaced = known.step();
    if (result.replaced) {
      const std::int64_t row = known.integer(0);
      sql::Statement(connection, "DELETE FROM catalogue_file WHERE row = ?").bind(1, row).run();
      unseal(connection, Sealed::kCatalogueFile, row);
    }
    sql::Statement(connection, "INSERT INTO catalogue_file (sha256, provenance) VALUES (?, ?)")
        .bind(1, key)
        .bind(2, provenance)
        .run();
    const std::int64_t file = connection.lastRow();
    sql::Statement insert(connection, "INSERT INTO catalogue_entry (file, planet, host, entry) VALUES (?, ?, ?, ?)");
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const planet::CatalogueEntry& entry = catalogue.entries[i];
      insert.bind(1, file).bind(2, entry.planet).bind(3, entry.host).bind(4, entries[i]).run();
      std::vector<std::string> names = entry.aliases;
      names.push_back(entry.planet);
      insertNames(connection, "INSERT INTO catalogue_name VALUES (?, ?)", connection.lastRow(), names);
    }
    seal(connection, Sealed::kCatalogueFile, file, catalogue.provenance.source);
  });
  return result;
}

TextResult Store::addTexts(const planet::Import& import) {
  state_->requireWriter();
  if (import.kind != planet::ImportKind::kText) throw internalError("this import is not a collection of texts");
  std::vector<std::string> keywords;
  std::vector<std::string> hashes;
  for (const planet::Text& text : import.texts) {
    keywords.push_back(toJsonText(text.keywords));
    hashes.push_back(sha256(toJsonText(std::vector<std::string>{text.id, text.title, text.body})));
  }
  TextResult result;
  state_->commits->run([&](sql::Connection& connection) {
    result = {};
    sql::Statement insert(connection,
                          "INSERT INTO text (position, id, title, body, source, licence, keywords, content_hash) "
                          "VALUES (0, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
    for (std::size_t i = 0; i < import.texts.size(); ++i) {
      const planet::Text& text = import.texts[i];
      insert.bind(1, text.id).bind(2, text.title).bind(3, text.body).bind(4, text.source).bind(5, text.licence);
      insert.bind(6, keywords[i]).bind(7, hashes[i]).run();
      if (connection.changes() == 0) {
        ++result.skipped;
        continue;
      }
      ++result.added;
      const std::int64_t row = connection.lastRow();
      insertNames(connection, "INSERT INTO text_name VALUES (?, ?)", row, text.keywords);
      seal(connection, Sealed::kCollectionText, row, text.id);
    }
  });
  return result;
}

void Store::recordGeneration(const Generation& generation) {
  state_->requireWriter();
  state_->commits->run([&](sql::Connection& connection) {
    sql::Statement(connection,
                   "INSERT INTO generation (seed, generator, parameters, count) VALUES (?, ?, ?, ?) "
                   "ON CONFLICT DO UPDATE SET count = max(count, excluded.count)")
        .bind(1, static_cast<std::int64_t>(generation.seed))
        .bind(2, generation.generator)
        .bind(3, generation.parameters)
        .bind(4, generation.count)
        .run();
    seal(connection, Sealed::kGenerations, 0, "");
  });
}

std::vector<Generation> Store::generations() const {
  return state_->inSnapshot([&] {
    sql::Statement query(
        *state_->connection,
        "SELECT seed, count, generator, parameters FROM generation ORDER BY generator, parameters, seed");
    std::vector<Generation> found;
    while (query.step()) {
      found.push_back({static_cast<std::uint64_t>(query.integer(0)), static_cast<std::size_t>(query.integer(1)),
                       query.text(2), query.text(3)});
    }
    return found;
  });
}

}  // namespace ecumene::data::store
