// SPDX-License-Identifier: Apache-2.0
#include "data/store/checksum.h"

#include <array>
#include <set>
#include <string_view>

#include "data/base/error.h"
#include "data/base/hash.h"

namespace ecumene::data::store {
namespace {

struct SealedPart {
  std::string_view name;                       ///< in the table `checksum`
  std::string_view rows;                       ///< rows that must have one; empty: row 0 alone
  std::array<std::string_view, 6> statements;  ///< what is hashed, each with one parameter, the row; rest empty
};

/// By Sealed. The hash runs over whole rows, so a new column is covered by itself.
constexpr std::array<SealedPart, 6> kParts{{
    {"planet",
     "SELECT row, id FROM planet",
     {"SELECT * FROM planet WHERE row = ?", "SELECT * FROM planet_name WHERE planet = ? ORDER BY normalised",
      "SELECT * FROM array WHERE planet = ? ORDER BY path",
      "SELECT * FROM metabolism WHERE planet = ? ORDER BY position",
      "SELECT * FROM quality WHERE planet = ? ORDER BY position",
      "SELECT * FROM text WHERE planet = ? ORDER BY position"}},
    {"catalogue",
     "SELECT row, sha256 FROM catalogue_file",
     {"SELECT * FROM catalogue_file WHERE row = ?", "SELECT * FROM catalogue_entry WHERE file = ? ORDER BY row",
      "SELECT n.* FROM catalogue_name n JOIN catalogue_entry e ON e.row = n.entry WHERE e.file = ? "
      "ORDER BY n.normalised, n.entry"}},
    {"text",
     "SELECT row, id FROM text WHERE planet IS NULL",
     {"SELECT * FROM text WHERE row = ?", "SELECT * FROM text_name WHERE text = ? ORDER BY normalised"}},
    {"generations", "", {"SELECT * FROM generation WHERE ? = 0 ORDER BY seed, generator, parameters"}},
    {"label definitions", "", {"SELECT * FROM label_definition WHERE ? = 0 ORDER BY name"}},
    {"statistics", "", {"SELECT * FROM set_statistics WHERE ? = 0"}},
}};

const SealedPart& partOf(Sealed part) {
  return kParts.at(static_cast<std::size_t>(part));
}

std::string hashOf(sql::Connection& connection, const SealedPart& part, std::int64_t row) {
  Sha256 hash;
  for (const std::string_view statement : part.statements) {
    if (statement.empty()) break;
    sql::Statement query(connection, statement);
    query.bind(1, row);
    while (query.step()) query.addRowTo(hash);
    hash.update(";");
  }
  return hash.hex();
}

bool isWhole(sql::Connection& connection, const SealedPart& part, std::int64_t row) {
  sql::Statement query(connection, "SELECT sha256 FROM checksum WHERE part = ? AND row = ?");
  query.bind(1, part.name).bind(2, row);
  return query.step() && query.text(0) == hashOf(connection, part, row);
}

constexpr const char* kChanged = "the rows of the catalogue differ from their checksum";
constexpr const char* kAgain = "remove the planet and import or generate it again";

}  // namespace

void seal(sql::Connection& connection, Sealed part, std::int64_t row, const std::string& subject) {
  sql::Statement(connection, "INSERT OR REPLACE INTO checksum (part, row, subject, sha256) VALUES (?, ?, ?, ?)")
      .bind(1, partOf(part).name)
      .bind(2, row)
      .bind(3, subject)
      .bind(4, hashOf(connection, partOf(part), row))
      .run();
}

void unseal(sql::Connection& connection, Sealed part, std::int64_t row) {
  sql::Statement(connection, "DELETE FROM checksum WHERE part = ? AND row = ?")
      .bind(1, partOf(part).name)
      .bind(2, row)
      .run();
}

void requireSealed(sql::Connection& connection, std::int64_t planetRow, const std::string& id) {
  if (isWhole(connection, partOf(Sealed::kPlanet), planetRow)) return;
  throw Error(std::string("the catalogue is damaged: ") + kChanged).on(id).next(kAgain);
}

std::vector<Problem> brokenSeals(sql::Connection& connection) {
  std::vector<Problem> problems;
  for (const SealedPart& part : kParts) {
    const bool planets = &part == kParts.data();
    const auto report = [&](const std::string& subject, const std::string& what, const char* next) {
      const std::string object = planets ? "" : std::string(part.name) + (subject.empty() ? "" : " " + subject) + ": ";
      problems.push_back({planets ? subject : "", object + what + "; " + next});
    };
    const char* next = planets ? kAgain : "import its file again into a new store";
    std::set<std::int64_t> rows;
    if (part.rows.empty()) {
      rows.insert(0);
      if (!isWhole(connection, part, 0)) report("", kChanged, "make the store anew");
    } else {
      sql::Statement query(connection, part.rows);
      while (query.step()) {
        rows.insert(query.integer(0));
        if (!isWhole(connection, part, query.integer(0))) report(query.text(1), kChanged, next);
      }
    }
    sql::Statement kept(connection, "SELECT row, subject FROM checksum WHERE part = ?");
    kept.bind(1, part.name);
    while (kept.step()) {
      if (!rows.contains(kept.integer(0))) report(kept.text(1), "it is lost from the catalogue", next);
    }
  }
  return problems;
}

}  // namespace ecumene::data::store
