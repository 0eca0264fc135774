// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "data/sql/sql.h"

namespace ecumene::data::store {

inline constexpr int kApplicationId = 0x45434d53;  // "ECMS"
/// Version of the schema and of the payload format. A store of a newer version is refused.
inline constexpr int kStoreVersion = 3;

/// Sets what every connection needs: foreign keys, and full synchronisation for writers.
void prepareConnection(sql::Connection& connection, bool writer);

/// True if the database has nothing in it at all (a creation that was cut short).
bool isEmpty(sql::Connection& connection);

/// Makes the tables in one transaction: afterwards the database is a store, before it is empty.
void createSchema(sql::Connection& connection);

/// Throws Error if the database is not a store of this version, or has not its tables.
void requireVersion(sql::Connection& connection, const std::filesystem::path& folder);

}  // namespace ecumene::data::store
