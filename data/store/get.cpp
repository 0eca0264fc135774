// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "data/base/error.h"
#include "data/store/checksum.h"
#include "data/store/json_fields.h"
#include "data/store/payload.h"
#include "data/store/state.h"

namespace ecumene::data::store {

using planet::Planet;

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

Planet Store::State::stored(const std::string& id) const {
  return naming([&] {
    Planet found;
    std::vector<ArrayPlace> arrays;
    std::filesystem::path path;
    {
      const std::lock_guard guard(mutex);
      const sql::Snapshot snapshot(*connection);
      const std::int64_t row = requireRow(id);
      requireSealed(*connection, row, folder.string() + ": " + id);
      path = payloadPath(id, revisionOf(row));
      sql::Statement query(*connection, "SELECT document FROM planet WHERE row = ?");
      query.bind(1, row);
      if (!query.step()) throw internalError("a planet's row is gone within one snapshot");
      found = fromJsonText<Planet>(query.text(0));
      found.texts = texts(row);
      found.quality = quality(row);
      arrays = places(row);
    }
    PayloadFile file(path, std::move(arrays));
    restoreArrays(found, file);
    return found;
  });
}

Planet Store::get(const std::string& id) const {
  Planet planet = state_->stored(id);
  if (planet.origin == planet::Origin::kObserved) state_->inSnapshot([&] { state_->join(planet); });
  return planet;
}

std::vector<float> Store::getVariable(const std::string& id, planet::VariableId variable) const {
  std::filesystem::path path;
  std::vector<ArrayPlace> places;
  {
    const std::lock_guard lock(state_->mutex);
    const sql::Snapshot snapshot(*state_->connection);
    const std::int64_t row = state_->requireRow(id);
    path = state_->payloadPath(id, state_->revisionOf(row));
    places = state_->places(row);
  }
  PayloadFile file(path, std::move(places));
  std::vector<float> values = file.field(variable);
  if (values.empty()) {
    throw Error("the planet lacks a variable").on(id).expected(std::string(planet::info(variable).name));
  }
  return values;
}

}  // namespace ecumene::data::store
