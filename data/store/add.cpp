// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/planet/codec.h"
#include "data/store/planet_rows.h"
#include "data/store/state.h"

namespace ecumene::data::store {

namespace fs = std::filesystem;
using planet::Planet;

std::string contentHash(const Planet& planet, Names names) {
  Planet blank = planet;
  blank.id.clear();
  blank.provenance.clear();
  blank.quality.clear();
  const bool hasPayload = blank.climate || !blank.spectra.empty() || !blank.metabolisms.empty() ||
                          !blank.networks.empty() || !blank.texts.empty();
  if (hasPayload && names == Names::kOfFile) {
    blank.name.clear();
    blank.aliases.clear();
  }
  if (blank.origin != planet::Origin::kGenerated) blank.systemKey.clear();
  return sha256(planet::encode(blank));
}

AddResult Store::add(const Planet& given, bool excluded) {
  return addHashed(given, excluded, contentHash(given));
}

AddResult Store::addHashed(const Planet& given, bool excluded, const std::string& hash) {
  state_->requireWriter();
  if (!given.id.empty()) State::requireValidId(given.id);
  validate(given);
  if (given.origin == planet::Origin::kGenerated && given.systemKey.empty()) {
    throw Error("a generated planet has no system key, so it belongs to no split").on(given.id);
  }
  State& state = *state_;
  std::vector<std::string> contents{hash};
  if (std::string climate = State::climateKey(given); !climate.empty()) contents.push_back(std::move(climate));
  std::string id;
  {
    std::unique_lock busy(state.busyMutex);
    state.busyChanged.wait(busy, [&] {
      return std::none_of(contents.begin(), contents.end(),
                          [&](const std::string& content) { return state.busyContents.contains(content); });
    });
    std::optional<std::string> known = findContent(hash);
    if (!known && contents.size() > 1) known = state.sameClimate(given);
    if (!known && given.origin == planet::Origin::kOther) known = state.holderOf(given);
    if (known) {
      state.requirePayload(*known);
      return {*known, true};
    }
    const auto taken = [&](const std::string& wanted) { return state.busyIds.contains(wanted) || contains(wanted); };
    id = given.id.empty() ? planet::idFromName(given.name) : given.id;
    if (!given.id.empty() && taken(id)) {
      throw Error("the id is taken by a planet with other content")
          .on(id)
          .next("remove that planet, or use another id");
    }
    const std::string stem = id;
    for (int number = 2; taken(id); ++number) id = fmt::format("{}-{}", stem, number);
    state.busyIds.insert(id);
    state.busyContents.insert(contents.begin(), contents.end());
  }
  const auto release = [&] {
    const std::lock_guard busy(state.busyMutex);
    state.busyIds.erase(id);
    for (const std::string& content : contents) state.busyContents.erase(content);
    state.busyChanged.notify_all();
  };
  fs::path path;
  try {
    path = state.payloadPath(id, 0);
    Planet planet = given;
    planet.id = id;
    PreparedPlanet prepared = prepare(planet, hash);
    prepared.excluded = excluded;
    writePayload(path, prepared.image);
    state.commits->run([&](sql::Connection& connection) { insertRows(connection, prepared); });
  } catch (...) {
    const std::exception_ptr failure = std::current_exception();
    try {
      // A file without a row is nothing; one that could not be removed here is swept when the store is opened next.
      if (!path.empty() && !contains(id)) {
        std::error_code ignored;
        fs::remove(path, ignored);
      }
    } catch (const Error&) {
      // The catalogue cannot be asked; the first failure is the one to report.
    }
    release();
    std::rethrow_exception(failure);
  }
  release();
  return {id, false};
}

void Store::remove(const std::string& id) {
  State& state = *state_;
  state.requireWriter();
  State::requireValidId(id);
  fs::path path;
  {
    // While this thread removes the file no other may write a new one of that name.
    std::unique_lock busy(state.busyMutex);
    state.busyChanged.wait(busy, [&] { return !state.busyIds.contains(id); });
    state.busyIds.insert(id);
  }
  const auto release = [&] {
    const std::lock_guard busy(state.busyMutex);
    state.busyIds.erase(id);
    state.busyChanged.notify_all();
  };
  try {
    state.commits->run([&](sql::Connection& connection) {
      const std::int64_t row = state.requireRow(id);
      path = state.payloadPath(id, state.revisionOf(row));
      removeRows(connection, row);
    });
  } catch (...) {
    release();
    throw;
  }
  std::error_code problem;
  fs::remove(path, problem);
  release();
  if (problem) throw systemError("the planet is removed, but its file stays", path.string(), problem.value());
}

}  // namespace ecumene::data::store
