// SPDX-License-Identifier: Apache-2.0
#include "data/store/store.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/store/catalogue.h"
#include "data/store/state.h"

namespace ecumene::data::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCatalogueName = "catalogue.sqlite";
constexpr const char* kPlanetsName = "planets";
constexpr const char* kUnlistedName = "unlisted";

Error notAStore(const fs::path& folder, const std::string& found) {
  return Error("the folder is not a store of planets")
      .on(folder.string())
      .expected(std::string("a folder with ") + kCatalogueName)
      .found(found)
      .next("name another folder; ecumene-data generate and import make stores");
}

/// What a creation leaves when it is cut short.
bool isOurs(const std::string& name) {
  return name == "lock" || name == kPlanetsName || name == kUnlistedName || name.starts_with(kCatalogueName);
}

void prepareFolder(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) throw systemError("cannot make the store's folder", folder.string(), problem.value());
  if (!fs::exists(folder / kCatalogueName)) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      if (!isOurs(entry.path().filename().string())) {
        throw notAStore(folder, "'" + entry.path().filename().string() + "' in a folder that was to be new or empty");
      }
    }
  }
}

sql::Wording wording() {
  return {.database = "the catalogue",
          .repair = "restore it from a copy, or make the store anew; `ecumene-data check` says what else is damaged"};
}

/// A new catalogue beside old payloads would make orphans of them all.
void requireNoPayloads(const fs::path& folder) {
  std::size_t payloads = 0;
  if (fs::is_directory(folder / kPlanetsName)) {
    for (const fs::directory_entry& file : fs::recursive_directory_iterator(folder / kPlanetsName)) {
      payloads += file.path().extension() == ".h5" ? 1U : 0U;
    }
  }
  if (payloads == 0) return;
  throw Error("the catalogue of the store is lost")
      .on(folder.string())
      .expected("the catalogue.sqlite that lists its planets")
      .found(std::to_string(payloads) + " payloads and no catalogue")
      .next(
          "restore catalogue.sqlite from a copy, or use another folder; the payloads are HDF5 files and stay as they "
          "are");
}

}  // namespace

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

Store Store::open(const fs::path& folder, Mode mode, const OpenOptions& options) {
  auto state = std::make_unique<State>();
  state->folder = folder;
  state->mode = mode;
  if (mode == Mode::kCreate) prepareFolder(folder);
  if (!fs::is_directory(folder)) throw notAStore(folder, fs::exists(folder) ? "a file" : "nothing");
  const fs::path catalogue = folder / kCatalogueName;
  const bool writer = mode != Mode::kRead;
  if (mode != Mode::kCreate && !fs::is_regular_file(catalogue)) throw notAStore(folder, "no catalogue");
  if (writer) state->lock = std::make_unique<FolderLock>(folder, options.lockWait);
  const sql::Access access = mode == Mode::kCreate  ? sql::Access::kCreate
                             : mode == Mode::kWrite ? sql::Access::kWrite
                                                    : sql::readAccess(catalogue);
  state->connection = std::make_unique<sql::Connection>(catalogue, access, wording());
  sql::Connection& connection = *state->connection;
  if (mode == Mode::kCreate && isEmpty(connection)) {
    requireNoPayloads(folder);
    prepareConnection(connection, true);
    createSchema(connection);
    syncToDisk(folder);
  }
  if (isEmpty(connection)) throw notAStore(folder, "an empty catalogue");
  requireVersion(connection, folder);
  prepareConnection(connection, writer);
  if (writer) {
    std::error_code problem;
    fs::create_directory(folder / kPlanetsName, problem);
    if (problem) throw systemError("cannot make a folder", (folder / kPlanetsName).string(), problem.value());
    syncToDisk(folder);
    state->sweep();
    state->commits = std::make_unique<CommitQueue>(connection, state->mutex);
  }
  return Store(std::move(state));
}

const fs::path& Store::folder() const {
  return state_->folder;
}

std::vector<fs::path> Store::payloads() const {
  return state_->inSnapshot([&] {
    std::vector<fs::path> files;
    sql::Statement query(*state_->connection, "SELECT id, revision FROM planet ORDER BY id");
    while (query.step()) {
      files.push_back(state_->payloadPath(query.text(0), query.integer(1)).lexically_relative(state_->folder));
    }
    return files;
  });
}

void Store::State::requireWriter() const {
  if (mode == Mode::kRead) throw internalError("the store was opened for reading");
}

void Store::State::requireValidId(const std::string& id) {
  if (planet::isValidId(id)) return;
  // What is shown is cut and cleaned: it may be anything.
  std::string shown;
  for (const char c : id.substr(0, 80)) shown += c >= ' ' && c <= '~' ? c : '?';
  throw Error("the id is not valid")
      .on("'" + shown + "'")
      .expected("a-z, 0-9, '.', '_', '-', beginning with a letter or digit, at most 64 characters");
}

fs::path Store::State::payloadPath(const std::string& id, std::int64_t revision) const {
  requireValidId(id);
  const std::string file = id + (revision == 0 ? "" : "~" + std::to_string(revision)) + ".h5";
  return folder / kPlanetsName / sha256(id).substr(0, 2) / file;
}

std::int64_t Store::State::revisionOf(std::int64_t row) const {
  sql::Statement query(*connection, "SELECT revision FROM planet WHERE row = ?");
  query.bind(1, row);
  if (!query.step()) throw internalError("a planet's row is gone within one snapshot");
  return query.integer(0);
}

std::optional<std::int64_t> Store::State::rowOf(const std::string& id) const {
  sql::Statement query(*connection, "SELECT row FROM planet WHERE id = ?");
  query.bind(1, id);
  if (!query.step()) return std::nullopt;
  return query.integer(0);
}

std::int64_t Store::State::requireRow(const std::string& id) const {
  requireValidId(id);
  const std::optional<std::int64_t> row = rowOf(id);
  if (!row) {
    throw Error("there is no such planet in the store").on(id).next("`ecumene-data list` shows the ids");
  }
  return *row;
}

std::vector<ArrayPlace> Store::State::places(std::int64_t row) const {
  sql::Statement query(*connection,
                       "SELECT path, type, shape, position, stored_bytes, crc32, packing, scale, add_offset "
                       "FROM array WHERE planet = ?");
  query.bind(1, row);
  std::vector<ArrayPlace> places;
  while (query.step()) {
    ArrayPlace place;
    place.path = query.text(0);
    place.type = static_cast<ElementType>(query.integer(1));
    place.shape = parseShape(query.text(2));
    place.position = static_cast<std::uint64_t>(query.integer(3));
    place.storedBytes = static_cast<std::uint64_t>(query.integer(4));
    place.crc32 = static_cast<std::uint32_t>(query.integer(5));
    const std::optional<Packing> packing = findPacking(query.text(6));
    if (!packing) {
      throw Error("the catalogue is damaged: it names an unknown packing")
          .on(folder.string() + ": " + place.path)
          .found(query.text(6))
          .next("`ecumene-data check` says what else is damaged");
    }
    place.packing = *packing;
    place.scale = query.real(7);
    place.offset = query.real(8);
    places.push_back(std::move(place));
  }
  return places;
}

std::vector<fs::path> Store::State::orphans() const {
  std::vector<fs::path> found;
  if (!fs::is_directory(folder / kPlanetsName)) return found;
  std::unordered_set<std::string> known;
  sql::Statement query(*connection, "SELECT id, revision FROM planet");
  while (query.step()) {
    if (planet::isValidId(query.text(0))) known.insert(payloadPath(query.text(0), query.integer(1)).filename());
  }
  for (const fs::directory_entry& group : fs::directory_iterator(folder / kPlanetsName)) {
    if (group.is_symlink() || !group.is_directory()) continue;
    for (const fs::directory_entry& file : fs::directory_iterator(group)) {
      const std::string extension = file.path().extension().string();
      if (extension == ".incomplete" || (extension == ".h5" && !known.contains(file.path().filename().string()))) {
        found.push_back(file.path());
      }
    }
  }
  return found;
}

void Store::State::sweep() const {
  const std::vector<fs::path> found = orphans();
  const bool whole = std::any_of(found.begin(), found.end(), [](const fs::path& p) { return p.extension() == ".h5"; })
                         ? catalogueProblems().empty()
                         : true;
  for (const fs::path& orphan : found) {
    std::error_code problem;
    if (orphan.extension() == ".incomplete") {
      fs::remove(orphan, problem);
    } else if (whole) {
      // Whole, but in no catalogue: a killed writer's last planet, or all that an older catalogue knew nothing of.
      const fs::path shelter = folder / kUnlistedName;
      fs::create_directory(shelter, problem);
      fs::path place = shelter / orphan.filename();
      for (int number = 2; fs::exists(place); ++number) {
        place = shelter / (orphan.stem().string() + "-" + std::to_string(number) + ".h5");
      }
      if (!problem) fs::rename(orphan, place, problem);
    }
    if (problem) throw systemError("cannot put aside what a killed writer left", orphan.string(), problem.value());
  }
}

}  // namespace ecumene::data::store
