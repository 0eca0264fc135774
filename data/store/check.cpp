// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <set>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/base/parallel.h"
#include "data/store/checksum.h"
#include "data/store/payload.h"
#include "data/store/state.h"

namespace ecumene::data::store {
namespace {

namespace fs = std::filesystem;

/// A row of the table `planet` as check() holds it against the planet's document.
struct Entry {
  std::int64_t row = 0, revision = 0;
  std::string id, sha, split, origin, systemKey;
};

std::vector<Entry> entries(sql::Connection& connection) {
  sql::Statement query(connection,
                       "SELECT row, revision, id, payload_sha256, split, origin, system_key FROM planet ORDER BY id");
  std::vector<Entry> found;
  while (query.step()) {
    found.push_back({query.integer(0), query.integer(1), query.text(2), query.text(3), query.text(4), query.text(5),
                     query.text(6)});
  }
  return found;
}

}  // namespace

std::string Store::State::payloadProblem(const fs::path& path, std::int64_t bytes) {
  std::error_code missing;
  const std::uintmax_t size = fs::file_size(path, missing);
  if (missing) return "not readable: " + missing.message();
  return size == static_cast<std::uintmax_t>(bytes) ? "" : "of another size";
}

void Store::State::requirePayload(const std::string& id) const {
  inSnapshot([&] {
    sql::Statement query(*connection, "SELECT payload_bytes, revision FROM planet WHERE id = ?");
    query.bind(1, id);
    if (!query.step()) return;
    const fs::path path = payloadPath(id, query.integer(1));
    const std::string problem = payloadProblem(path, query.integer(0));
    if (problem.empty()) return;
    throw Error("the store has this planet, but lost what it holds")
        .on(path.string())
        .found("the payload is " + problem)
        .next("remove " + id + " and import it again");
  });
}

std::vector<Problem> Store::State::catalogueProblems() const {
  std::vector<Problem> problems;
  try {
    sql::Statement integrity(*connection, "PRAGMA integrity_check");
    while (integrity.step()) {
      if (integrity.text(0) != "ok") problems.push_back({"", "the catalogue is damaged: " + integrity.text(0)});
    }
    sql::Statement references(*connection, "PRAGMA foreign_key_check");
    while (references.step()) {
      problems.push_back({"", "the catalogue holds rows of '" + references.text(0) + "' that belong to no planet"});
    }
    for (Problem& problem : brokenSeals(*connection)) problems.push_back(std::move(problem));
    // Beside another process's writer a file may go while the snapshot still lists it.
    if (mode == Mode::kRead) return problems;
    sql::Statement payloads(*connection, "SELECT id, payload_bytes, revision FROM planet ORDER BY id");
    while (payloads.step()) {
      const std::string id = payloads.text(0);
      if (!planet::isValidId(id)) continue;  // its checksum differs too
      const fs::path path = payloadPath(id, payloads.integer(2));
      const std::string problem = payloadProblem(path, payloads.integer(1));
      if (problem.empty()) continue;
      problems.push_back(
          {id, path.string() + ": the payload is " + problem + "; remove the planet and import or generate it again"});
    }
  } catch (const Error& error) {
    problems.push_back({"", error.what()});
  }
  return problems;
}

std::vector<Problem> Store::checkCatalogue() const {
  const std::lock_guard lock(state_->mutex);
  const sql::Snapshot snapshot(*state_->connection);
  return state_->catalogueProblems();
}

std::vector<Problem> Store::check(const Progress& progress, unsigned threads, const std::stop_token& stop) const {
  std::vector<Problem> problems;
  std::vector<Entry> rows;
  std::set<std::string> known;
  {
    const std::lock_guard lock(state_->mutex);
    const sql::Snapshot snapshot(*state_->connection);
    problems = state_->catalogueProblems();
    for (const Problem& problem : problems) known.insert(problem.id);
    try {
      rows = entries(*state_->connection);
    } catch (const Error& error) {
      problems.push_back({"", error.what()});
      return problems;
    }
  }
  // Of these the catalogue's own rows are wrong already.
  std::erase_if(rows, [&](const Entry& entry) { return known.contains(entry.id); });
  std::vector<std::vector<Problem>> found(rows.size());
  std::mutex progressMutex;
  std::size_t done = 0;
  parallelFor(
      rows.size(), threads,
      [&](std::size_t i) {
        const Entry& entry = rows[i];
        const auto report = [&](const std::string& message) { found[i].push_back({entry.id, message}); };
        try {
          const fs::path path = state_->payloadPath(entry.id, entry.revision);
          requirePlainPayload(path);
          if (sha256OfFile(path) != entry.sha) {
            report(path.string() + ": the payload is damaged: its sha-256 differs; remove the planet and add it again");
          }
          std::vector<ArrayPlace> places;
          {
            const std::lock_guard lock(state_->mutex);
            places = state_->places(entry.row);
          }
          PayloadFile(path, std::move(places)).verify();
          const planet::Planet planet = get(entry.id);
          validate(planet);
          if (name(planet.origin) != entry.origin || planet.systemKey != entry.systemKey ||
              name(splitOf(planet.origin, planet.systemKey)) != entry.split) {
            report("origin, system key and split of the catalogue contradict the planet's document");
          }
        } catch (const Error& error) {
          bool there = true;
          try {
            const std::lock_guard lock(state_->mutex);
            const std::optional<std::int64_t> row = state_->rowOf(entry.id);
            there = row && state_->revisionOf(*row) == entry.revision;
          } catch (const Error&) {
            // The id itself is what is wrong; report it as it is.
          }
          if (there) report(error.what());  // Another writer may have removed or extended it meanwhile.
        }
        const std::lock_guard lock(progressMutex);
        ++done;
        if (progress) progress(done, rows.size(), entry.id);
      },
      stop);
  for (std::vector<Problem>& some : found) {
    problems.insert(problems.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  // Beside a writer of another process files without a row are planets on their way in.
  if (state_->mode != Mode::kRead) {
    const std::lock_guard busy(state_->busyMutex);
    const std::lock_guard lock(state_->mutex);
    for (const fs::path& orphan : state_->orphans()) {
      // "<id>.h5", "<id>~1.h5" or "<id>.h5.incomplete"
      const std::string file = orphan.filename().string();
      const auto isBusy = [&](const std::string& end) {
        return state_->busyIds.contains(file.substr(0, file.rfind(end)));
      };
      if (isBusy("~") || isBusy(".h5")) continue;
      problems.push_back({"", orphan.string() + ": a file that belongs to no planet; it is put aside when the store is "
                                                "opened for writing again"});
    }
  }
  return problems;
}

}  // namespace ecumene::data::store
