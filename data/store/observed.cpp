// SPDX-License-Identifier: Apache-2.0
// Several observations of one planet are one planet.
#include <algorithm>

#include "data/base/error.h"
#include "data/store/planet_rows.h"
#include "data/store/state.h"

namespace ecumene::data::store {
namespace {

using planet::Planet;

constexpr std::string_view kSpectrumPart = "spectrum";

/// Which of the planet's spectra a provenance is of: "spectrum[2]", "spectrum[2..5]".
std::string partOf(std::size_t first, std::size_t count) {
  const std::string begin = std::string(kSpectrumPart) + "[" + std::to_string(first);
  return count == 1 ? begin + "]" : begin + ".." + std::to_string(first + count - 1) + "]";
}

/// Of what came in as one file.
void numberProvenance(std::vector<planet::Provenance>& provenance, std::size_t first, std::size_t count) {
  for (planet::Provenance& p : provenance) {
    if (p.part == kSpectrumPart && count > 0) p.part = partOf(first, count);
  }
}

bool holdsAll(const Planet& planet, const Planet& more) {
  const auto in = [](const auto& whole, const auto& part) {
    return std::all_of(part.begin(), part.end(),
                       [&](const auto& one) { return std::find(whole.begin(), whole.end(), one) != whole.end(); });
  };
  return in(planet.spectra, more.spectra) && in(planet.texts, more.texts) && in(planet.networks, more.networks);
}

void extend(Planet& planet, Planet more) {
  const std::size_t first = planet.spectra.size();
  numberProvenance(planet.provenance, 0, first);
  numberProvenance(more.provenance, first, more.spectra.size());
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  append(planet.spectra, more.spectra);
  append(planet.texts, more.texts);
  append(planet.networks, more.networks);
  append(planet.provenance, more.provenance);
  more.aliases.push_back(more.name);
  for (std::string& alias : more.aliases) {
    const bool known =
        alias == planet.name || std::find(planet.aliases.begin(), planet.aliases.end(), alias) != planet.aliases.end();
    if (!known) planet.aliases.push_back(std::move(alias));
  }
  for (const planet::ScalarInfo& row : planet::scalars()) {
    auto& own = planet.scalars[row.id];
    if (!own) own = more.scalars[row.id];
  }
}

}  // namespace

std::optional<std::string> Store::State::observedNamed(const Planet& planet) const {
  std::vector<std::string> names = planet.aliases;
  names.insert(names.begin(), planet.name);
  for (const std::string& name : names) {
    const std::string normalised = planet::normalisedName(name);
    if (normalised.empty()) continue;
    sql::Statement query(*connection,
                         "SELECT p.id FROM planet_name n JOIN planet p ON p.row = n.planet "
                         "WHERE n.normalised = ? AND p.origin = ? ORDER BY p.row LIMIT 1");
    query.bind(1, normalised).bind(2, planet::name(planet::Origin::kObserved));
    if (query.step()) return query.text(0);
  }
  return std::nullopt;
}

std::optional<std::string> Store::State::holderOf(const Planet& parts) const {
  if (parts.spectra.empty() || parts.climate || !parts.metabolisms.empty() || parts.scalars != planet::Scalars{})
    return std::nullopt;
  const std::vector<std::string> named = inSnapshot([&] {
    // A name of files (final.csv) may be that of many planets.
    constexpr int kMost = 16;
    sql::Statement query(*connection,
                         "SELECT p.id FROM planet_name n JOIN planet p ON p.row = n.planet "
                         "WHERE n.normalised = ? ORDER BY p.row LIMIT ?");
    query.bind(1, planet::normalisedName(parts.name)).bind(2, kMost);
    std::vector<std::string> ids;
    while (query.step()) ids.push_back(query.text(0));
    return ids;
  });
  for (const std::string& id : named) {
    if (busyIds.contains(id)) continue;  // It is being removed or written anew.
    try {
      if (holdsAll(stored(id), parts)) return id;
    } catch (const Error& error) {
      // A damaged planet holds nothing that can be relied on; check() tells of it.
      if (error.kind() != ErrorKind::kInput) throw;
    }
  }
  return std::nullopt;
}

AddResult Store::addObserved(const Planet& observed, const Judge& judge) {
  State& state = *state_;
  state.requireWriter();
  const bool parts = !observed.climate && observed.metabolisms.empty() && observed.id.empty();
  if (observed.origin != planet::Origin::kObserved || !parts) {
    throw internalError("this is not an observation without an id of its own");
  }
  validate(observed);
  const std::lock_guard one(state.observedMutex);
  const std::optional<std::string> id = state.inSnapshot([&] { return state.observedNamed(observed); });
  if (!id) {
    Planet judged = observed;
    const bool excluded = state.judgeJoined(judged, judge);
    return addHashed(judged, excluded, contentHash(judged, Names::kOwn));
  }
  {
    // While this thread writes the new payload no other may remove the planet.
    std::unique_lock busy(state.busyMutex);
    state.busyChanged.wait(busy, [&] { return !state.busyIds.contains(*id); });
    state.busyIds.insert(*id);
  }
  const auto release = [&] {
    const std::lock_guard busy(state.busyMutex);
    state.busyIds.erase(*id);
    state.busyChanged.notify_all();
  };
  std::filesystem::path fresh;
  std::filesystem::path old;
  try {
    Planet planet = state.stored(*id);
    if (holdsAll(planet, observed)) {
      release();
      return {*id, true, false};
    }
    extend(planet, observed);
    const bool excluded = state.judgeJoined(planet, judge);
    PreparedPlanet prepared = prepare(planet, contentHash(planet, Names::kOwn));
    prepared.excluded = excluded;
    state.inSnapshot([&] {
      const std::int64_t revision = state.revisionOf(state.requireRow(*id));
      old = state.payloadPath(*id, revision);
      prepared.revision = revision + 1;
      fresh = state.payloadPath(*id, prepared.revision);
    });
    writePayload(fresh, prepared.image);
    state.commits->run([&](sql::Connection& connection) {
      removeRows(connection, state.requireRow(*id));
      insertRows(connection, prepared);
    });
  } catch (...) {
    // The row still names the old file; what cannot be removed here is put aside when the store is opened next.
    std::error_code ignored;
    if (!fresh.empty()) std::filesystem::remove(fresh, ignored);
    release();
    throw;
  }
  std::error_code ignored;  // Likewise.
  std::filesystem::remove(old, ignored);
  release();
  return {*id, false, true};
}

}  // namespace ecumene::data::store
