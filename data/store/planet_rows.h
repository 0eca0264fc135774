// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/planet/planet.h"
#include "data/store/hdf5_image.h"
#include "data/sql/sql.h"

/// What a planet is on disk: one payload file and rows of the catalogue.
namespace ecumene::data::store {

/// Of the values before packing.
struct VariableFacts {
  planet::VariableId id{};
  planet::FieldStatistics statistics;
};

struct NetworkSize {
  std::size_t metabolites = 0, reactions = 0;
};

/// All that a planet needs on disk, made outside every lock.
struct PreparedPlanet {
  planet::Planet planet;  ///< without arrays
  std::string hash, sha, document;
  Hdf5Image image;
  std::vector<std::string> keywords;  ///< JSON, of each text
  std::vector<VariableFacts> facts;
  std::vector<NetworkSize> metabolisms;  ///< of each case of `planet`, which holds no networks
  std::int64_t revision = 0;             ///< how often the payload was written anew (State::payloadPath)
  bool excluded = false;
};

/// By the temperature of the star: the true one, else the measured one.
std::optional<planet::StarType> starOf(const planet::Planet& planet);
/// `hash`: contentHash of the planet. Throws Error if a text is not UTF-8.
PreparedPlanet prepare(const planet::Planet& planet, std::string hash);
/// Durable when it returns.
void writePayload(const std::filesystem::path& path, const Hdf5Image& image);
/// All rows with their checksum; the set's statistics are forgotten. Belongs into one transaction.
void insertRows(sql::Connection& connection, const PreparedPlanet& prepared);
/// Gives the planet of a row other marks; likewise. The set's statistics are forgotten if it leaves or enters it.
void replaceQuality(sql::Connection& connection, std::int64_t row, const std::string& id,
                    std::span<const planet::QualityCheck> checks, bool excluded);
/// Removes them again; likewise.
void removeRows(sql::Connection& connection, std::int64_t row);

}  // namespace ecumene::data::store
