// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/store/rows.h"
#include "data/sql/sql.h"

/// Checksums over rows of the catalogue: a changed bit in a value is seen, which SQLite's own pages do not promise.
namespace ecumene::data::store {

/// What one checksum covers: a row with all rows that hang on it, or a whole small table (row 0).
enum class Sealed { kPlanet, kCatalogueFile, kCollectionText, kGenerations, kLabelDefinitions, kSetStatistics };

/// Writes the checksum of what is there now; belongs into the transaction of the change. `subject`: what messages call
/// it.
void seal(sql::Connection& connection, Sealed part, std::int64_t row, const std::string& subject);
/// For rows that are removed.
void unseal(sql::Connection& connection, Sealed part, std::int64_t row);

/// Throws Error if the rows of a planet are not those that were written. The caller holds a Snapshot.
void requireSealed(sql::Connection& connection, std::int64_t planetRow, const std::string& id);

/// Everything that differs from its checksum, has none, or is gone although its checksum is there. Problem::id is that
/// of a planet. The caller holds a Snapshot.
std::vector<Problem> brokenSeals(sql::Connection& connection);

}  // namespace ecumene::data::store
