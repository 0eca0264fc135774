// SPDX-License-Identifier: Apache-2.0
// The outside catalogues against what astropy and Python read of them (tests/oracles/catalogue_tables.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "data/formats/registry.h"
#include "tests/data/formats/shared_data.h"
#include "tests/support/import_text.h"
#include "tests/support/reference.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using nlohmann::json;

const planet::CatalogueEntry* find(const planet::Import& import, const std::string& name) {
  const auto row = std::find_if(import.entries.begin(), import.entries.end(),
                                [&](const planet::CatalogueEntry& e) { return e.planet == name; });
  return row == import.entries.end() ? nullptr : &*row;
}

/// Each scalar of the reference, and no other but those that we derive.
void expectScalars(const planet::CatalogueEntry& entry, const json& values) {
  SCOPED_TRACE(entry.planet);
  for (const planet::ScalarInfo& info : planet::scalars()) {
    const std::string name(info.name);
    const bool isDerived = info.id == planet::ScalarId::kGravity || info.id == planet::ScalarId::kStellarFlux;
    if (!values.contains(name)) {
      EXPECT_TRUE(isDerived || !entry.scalars[info.id]) << name;
      continue;
    }
    ASSERT_TRUE(entry.scalars[info.id].has_value()) << name;
    const planet::Measurement& m = *entry.scalars[info.id];
    const auto expected = values[name].get<std::vector<double>>();
    EXPECT_NEAR(m.value, expected[0], 1e-9 * std::abs(expected[0])) << name;
    EXPECT_NEAR(m.sigma, expected[1], 1e-9 * std::abs(expected[1])) << name;
    EXPECT_EQ(m.limit, static_cast<int>(expected[2])) << name;
  }
}

TEST(OutsideTables, IpacTablesAreWhatAstropyReads) {
  ECUMENE_NEEDS_SHARED(shared);
  const json truth = test::reference("catalogue_tables.json");
  const planet::Import koi = formats::importFile(*shared / "catalogue/nasa_q1_q17_dr25_koi_ipac.tbl", {});
  ASSERT_EQ(koi.entries.size(), truth["koi"]["rows"].get<std::size_t>());
  for (const auto& [name, values] : truth["koi"]["planets"].items()) {
    const planet::CatalogueEntry* entry = find(koi, name);
    ASSERT_NE(entry, nullptr) << name;
    expectScalars(*entry, values);
    EXPECT_EQ(entry->host, "KIC 10601284");
  }
  EXPECT_EQ(find(koi, "Kepler-226 c")->aliases, std::vector<std::string>{"K00749.01"});
  const planet::Import toi = formats::importFile(*shared / "catalogue/nasa_toi_ipac_1row.tbl", {});
  ASSERT_EQ(toi.entries.size(), 1U);
  for (const auto& [name, values] : truth["toi"]["planets"].items()) {
    ASSERT_NE(find(toi, name), nullptr) << name;
    expectScalars(*find(toi, name), values);
  }
  EXPECT_EQ(toi.entries[0].host, "TIC 92226327");
}

TEST(OutsideTables, OpenExoplanetCatalogueIsWhatPythonReads) {
  ECUMENE_NEEDS_SHARED(shared);
  const json truth = test::reference("catalogue_tables.json");
  ASSERT_EQ(truth["oec_xml"].size(), 5U);
  for (const auto& [file, system] : truth["oec_xml"].items()) {
    SCOPED_TRACE(file);
    const planet::Import import = formats::importFile(*shared / "catalogue/oec_systems" / file, {});
    EXPECT_EQ(import.entries.size(), system["rows"].get<std::size_t>());
    for (const auto& [name, planet] : system["planets"].items()) {
      const planet::CatalogueEntry* entry = find(import, name);
      ASSERT_NE(entry, nullptr) << name;
      expectScalars(*entry, planet["values"]);
      std::vector<std::string> names{entry->planet};
      names.insert(names.end(), entry->aliases.begin(), entry->aliases.end());
      EXPECT_EQ(names, planet["names"].get<std::vector<std::string>>());
      EXPECT_EQ(entry->host, planet["host"].get<std::string>());
    }
  }
}

TEST(OutsideTables, OpenExoplanetCatalogueAsCsvIsWhatPythonReads) {
  ECUMENE_NEEDS_SHARED(shared);
  const json truth = test::reference("catalogue_tables.json")["oec_csv"];
  const planet::Import import = formats::importFile(*shared / "catalogue/open_exoplanet_catalogue.csv.txt", {});
  EXPECT_EQ(import.entries.size(), truth["rows"].get<std::size_t>() - truth["retracted"].get<std::size_t>());
  EXPECT_TRUE(test::says(import, std::to_string(truth["retracted"].get<int>()) + " planets are left out"));
  for (const auto& [name, values] : truth["planets"].items()) {
    ASSERT_NE(find(import, name), nullptr) << name;
    expectScalars(*find(import, name), values);
  }
  // Every value of the file is taken, but for those that cannot be true and the stars of whole binaries.
  for (const auto& [name, filled] : truth["filled"].items()) {
    std::size_t taken = 0;
    for (const planet::ScalarInfo& info : planet::scalars()) {
      if (info.name != name) continue;
      for (const planet::CatalogueEntry& entry : import.entries) taken += entry.scalars[info.id] ? 1U : 0U;
    }
    EXPECT_LE(taken, filled.get<std::size_t>()) << name;
    EXPECT_GE(taken + 20, filled.get<std::size_t>()) << name;
  }
}

TEST(OutsideTables, EarthHasTheFluxOfTheSun) {
  ECUMENE_NEEDS_SHARED(shared);
  const planet::Import import = formats::importFile(*shared / "catalogue/oec_systems/Sun.xml", {});
  const planet::CatalogueEntry* earth = find(import, "Earth");
  ASSERT_NE(earth, nullptr);
  EXPECT_NEAR(earth->scalars[planet::ScalarId::kStellarFlux]->value, 1361.0, 10.0);
  EXPECT_TRUE(test::says(import, "satellites of planets are left out"));
}

TEST(OutsideTables, LimitsThatAreNoneAreQuestioned) {
  ECUMENE_NEEDS_SHARED(shared);
  const planet::Import import = formats::importFile(*shared / "catalogue/oec_systems/Kepler-186.xml", {});
  EXPECT_TRUE(test::says(import, "line 100, <radius> of 'Kepler-186 f': 0.0990277 is outside its own limits"));
}

}  // namespace
