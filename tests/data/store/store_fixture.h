// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "data/base/error.h"
#include "data/store/store.h"
#include "tests/support/sample_planet.h"

namespace ecumene::test {

/// The message of the Error that `body` throws; "no error" if it throws none.
inline std::string failure(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

/// Changes the catalogue of a store behind its back.
inline void changeCatalogue(const std::filesystem::path& store, const std::string& statement) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open((store / "catalogue.sqlite").c_str(), &handle), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(handle, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
  sqlite3_close(handle);
}

/// A store of small sample planets s0, s1, ...
inline void fillStore(const std::filesystem::path& folder, std::uint64_t planets) {
  using namespace data::store;
  Store store = Store::open(folder, Mode::kCreate);
  for (std::uint64_t i = 0; i < planets; ++i) store.add(samplePlanet(i, smallParts()));
}

}  // namespace ecumene::test
