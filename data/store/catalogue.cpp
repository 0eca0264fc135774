// SPDX-License-Identifier: Apache-2.0
#include "data/store/catalogue.h"

#include <fmt/format.h>

#include "data/base/error.h"
#include "data/planet/planet.h"
#include "data/store/checksum.h"

namespace ecumene::data::store {
namespace {

constexpr std::string_view kSchema = R"sql(
CREATE TABLE planet (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  origin TEXT NOT NULL,
  split TEXT NOT NULL,
  system_key TEXT NOT NULL,
  content_hash TEXT NOT NULL UNIQUE,
  payload_sha256 TEXT NOT NULL,
  payload_bytes INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  dataset_version INTEGER NOT NULL,
  star_type TEXT, start TEXT, synchronous INTEGER, scenario TEXT,
  f_hab REAL, h050 REAL, t_mean_k REAL, ice_fraction REAL, regime TEXT, habitable INTEGER, runaway INTEGER,
  has_climate INTEGER NOT NULL,
  spectra INTEGER NOT NULL, metabolisms INTEGER NOT NULL, networks INTEGER NOT NULL, texts INTEGER NOT NULL,
  failed_checks INTEGER NOT NULL DEFAULT 0,
  excluded INTEGER NOT NULL DEFAULT 0,
  document TEXT NOT NULL
) STRICT;
CREATE INDEX planet_split ON planet(split);
CREATE INDEX planet_system ON planet(system_key);

CREATE TABLE planet_name (
  normalised TEXT NOT NULL,
  planet INTEGER NOT NULL REFERENCES planet(row) ON DELETE CASCADE,
  PRIMARY KEY (normalised, planet)
) STRICT, WITHOUT ROWID;
CREATE INDEX planet_name_planet ON planet_name(planet);

CREATE TABLE array (
  planet INTEGER NOT NULL REFERENCES planet(row) ON DELETE CASCADE,
  path TEXT NOT NULL,
  type INTEGER NOT NULL,
  shape TEXT NOT NULL,
  position INTEGER NOT NULL,
  stored_bytes INTEGER NOT NULL,
  crc32 INTEGER NOT NULL,
  packing TEXT NOT NULL,
  scale REAL NOT NULL,
  add_offset REAL NOT NULL,
  variable INTEGER,
  error_bound REAL,
  minimum REAL, maximum REAL, area_weighted_mean REAL,
  PRIMARY KEY (planet, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE metabolism (
  planet INTEGER NOT NULL REFERENCES planet(row) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  archetype TEXT NOT NULL,
  variant INTEGER NOT NULL,
  metabolites INTEGER NOT NULL,
  reactions INTEGER NOT NULL,
  viable INTEGER,
  growth_per_hour REAL, growth_window REAL, catabolic_energy_kj REAL,
  PRIMARY KEY (planet, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE quality (
  planet INTEGER NOT NULL REFERENCES planet(row) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  value REAL,
  check_limit REAL,
  passed INTEGER NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (planet, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE text (
  row INTEGER PRIMARY KEY,
  planet INTEGER REFERENCES planet(row) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  id TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, source TEXT NOT NULL, licence TEXT NOT NULL,
  metabolism INTEGER,
  keywords TEXT NOT NULL,
  content_hash TEXT
) STRICT;
CREATE INDEX text_planet ON text(planet);
CREATE UNIQUE INDEX text_content ON text(content_hash) WHERE content_hash IS NOT NULL;
CREATE TABLE text_name (
  normalised TEXT NOT NULL,
  text INTEGER NOT NULL REFERENCES text(row) ON DELETE CASCADE,
  PRIMARY KEY (normalised, text)
) STRICT, WITHOUT ROWID;
CREATE INDEX text_name_text ON text_name(text);

CREATE TABLE catalogue_file (
  row INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  provenance TEXT NOT NULL
) STRICT;
CREATE TABLE catalogue_entry (
  row INTEGER PRIMARY KEY,
  file INTEGER NOT NULL REFERENCES catalogue_file(row) ON DELETE CASCADE,
  planet TEXT NOT NULL,
  host TEXT NOT NULL,
  entry TEXT NOT NULL
) STRICT;
CREATE INDEX catalogue_entry_file ON catalogue_entry(file);
CREATE TABLE catalogue_name (
  normalised TEXT NOT NULL,
  entry INTEGER NOT NULL REFERENCES catalogue_entry(row) ON DELETE CASCADE,
  PRIMARY KEY (normalised, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX catalogue_name_entry ON catalogue_name(entry);

CREATE TABLE generation (
  seed INTEGER NOT NULL,
  generator TEXT NOT NULL,
  parameters TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (seed, generator, parameters)
) STRICT, WITHOUT ROWID;

CREATE TABLE label_definition (name TEXT PRIMARY KEY, unit TEXT NOT NULL, definition TEXT NOT NULL) STRICT;
CREATE TABLE set_statistics (only INTEGER PRIMARY KEY CHECK (only = 1), document TEXT NOT NULL) STRICT;

CREATE TABLE checksum (
  part TEXT NOT NULL,
  row INTEGER NOT NULL,
  subject TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (part, row)
) STRICT, WITHOUT ROWID;
)sql";

/// The tables as SQLite keeps their definitions.
std::string definitions(sql::Connection& connection) {
  return connection.text("SELECT coalesce(group_concat(sql), '') FROM (SELECT sql FROM sqlite_master ORDER BY name)");
}

}  // namespace

void prepareConnection(sql::Connection& connection, bool writer) {
  connection.execute("PRAGMA foreign_keys = ON");
  if (!writer) return;
  if (connection.text("PRAGMA journal_mode = WAL") != "wal") {
    throw Error("the file system cannot hold a catalogue with a write-ahead log", ErrorKind::kEnvironment)
        .next("keep the store on a local disk");
  }
  connection.execute("PRAGMA synchronous = FULL");
}

bool isEmpty(sql::Connection& connection) {
  return connection.integer("PRAGMA application_id") == 0 &&
         connection.integer("SELECT count(*) FROM sqlite_master") == 0;
}

void createSchema(sql::Connection& connection) {
  sql::Transaction transaction(connection);
  connection.execute(kSchema);
  sql::Statement insert(connection, "INSERT INTO label_definition VALUES (?, ?, ?)");
  for (const planet::LabelDefinition& label : planet::labelDefinitions()) {
    insert.bind(1, label.name).bind(2, label.unit).bind(3, label.definition).run();
  }
  for (const Sealed whole : {Sealed::kGenerations, Sealed::kLabelDefinitions, Sealed::kSetStatistics}) {
    seal(connection, whole, 0, "");
  }
  connection.execute(fmt::format("PRAGMA user_version = {}", kStoreVersion));
  connection.execute(fmt::format("PRAGMA application_id = {}", kApplicationId));
  transaction.commit();
}

void requireVersion(sql::Connection& connection, const std::filesystem::path& folder) {
  if (connection.integer("PRAGMA application_id") != kApplicationId) {
    throw Error("the folder is not a store of planets")
        .on(folder.string())
        .found("a database of another program")
        .next("name another folder; ecumene-data generate and import make stores");
  }
  const std::int64_t version = connection.integer("PRAGMA user_version");
  if (version == kStoreVersion) {
    static const std::string expected = [] {
      sql::Connection fresh(":memory:", sql::Access::kCreate);
      fresh.execute(kSchema);
      return definitions(fresh);
    }();
    if (definitions(connection) == expected) return;
    throw Error("the catalogue is damaged: its tables are not those of this version")
        .on(folder.string())
        .next("restore catalogue.sqlite from a copy, or make the store anew");
  }
  throw Error(version > kStoreVersion ? "the store was made by a newer version of Ecumene"
                                      : "the store was made by an older version of Ecumene")
      .on(folder.string())
      .expected("store version " + std::to_string(kStoreVersion))
      .found(std::to_string(version))
      .next(version > kStoreVersion ? "use that version or a newer one" : "make the store anew");
}

}  // namespace ecumene::data::store
