// SPDX-License-Identifier: Apache-2.0
// Truth: tests/oracles/catalogue.py (Python's csv) for the outside tables; Earth and hand arithmetic here.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/registry.h"
#include "shared_data.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using nlohmann::json;
using planet::ScalarId;

planet::Import readText(const std::string& content, const std::string& name = "table.csv",
                        const formats::ImportOptions& options = {}) {
  test::TempFolder folder;
  std::ofstream(folder / name, std::ios::binary) << content;
  return formats::importFile(folder / name, options);
}

std::string refusal(const std::string& content, const std::string& name = "table.csv") {
  try {
    readText(content, name);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

bool says(const planet::Import& import, const std::string& words) {
  return std::any_of(import.assumptions.begin(), import.assumptions.end(),
                     [&](const std::string& text) { return text.find(words) != std::string::npos; });
}

const planet::CatalogueEntry* find(const planet::Import& import, const std::string& name) {
  const auto entry =
      std::find_if(import.entries.begin(), import.entries.end(), [&](const auto& e) { return e.planet == name; });
  return entry == import.entries.end() ? nullptr : &*entry;
}

TEST(NasaCsv, OutsideTablesAgreeWithPythonsReader) {
  ECUMENE_NEEDS_SHARED(shared);
  const json reference = json::parse(readFile("tests/oracles/reference/catalogue.json"));
  const std::vector<std::pair<std::string, ScalarId>> columns{{"pl_orbper", ScalarId::kOrbitalPeriod},
                                                              {"pl_rade", ScalarId::kPlanetRadius},
                                                              {"pl_insol", ScalarId::kStellarFlux},
                                                              {"st_teff", ScalarId::kStellarTemperature},
                                                              {"st_rad", ScalarId::kStellarRadius}};
  for (const auto& [path, truth] : reference.items()) {
    SCOPED_TRACE(path);
    const planet::Import import = formats::importFile(*shared / path, {});
    EXPECT_EQ(import.entries.size(), truth["rows"].get<std::size_t>());
    for (const auto& [name, values] : truth["planets"].items()) {
      const planet::CatalogueEntry* entry = find(import, name);
      ASSERT_NE(entry, nullptr) << name;
      for (const auto& [column, id] : columns) {
        if (!values.contains(column)) continue;
        const double factor = column == "pl_insol" ? 1361.0 : 1.0;
        EXPECT_NEAR(entry->scalars[id]->value, factor * values[column].get<double>(), 1e-9 * factor) << name << column;
      }
    }
  }
}

TEST(NasaCsv, FluxDerivedInOneTableAgreesWithTheInsolationOfTheOther) {
  ECUMENE_NEEDS_SHARED(shared);
  const planet::Import derived = formats::importFile(*shared / "catalogue/nasa_pscomppars_2026-02_16col.csv", {});
  const planet::Import listed =
      formats::importFile(*shared / "catalogue/nasa_pscomppars_2026-03-07_habitability_columns.csv", {});
  std::vector<double> ratios;
  for (const planet::CatalogueEntry& entry : listed.entries) {
    const planet::CatalogueEntry* other = find(derived, entry.planet);
    if (other == nullptr || !other->scalars[ScalarId::kStellarFlux]) continue;
    ratios.push_back(other->scalars[ScalarId::kStellarFlux]->value / entry.scalars[ScalarId::kStellarFlux]->value);
  }
  ASSERT_GT(ratios.size(), 4000U);
  std::sort(ratios.begin(), ratios.end());
  // The archive mixes sources within a row, so single planets differ; numpy gives quartiles 0.896 and 1.095,
  // median 1.004.
  EXPECT_NEAR(ratios[ratios.size() / 2], 1.0, 0.01);
  EXPECT_NEAR(ratios[ratios.size() / 4], 0.896, 0.002);
  EXPECT_NEAR(ratios[3 * ratios.size() / 4], 1.095, 0.002);
}

TEST(NasaCsv, EarthHasItsGravityAndItsFlux) {
  const planet::Import import = readText(
      "pl_name,hostname,pl_orbper,pl_rade,pl_bmasse,st_teff,st_rad,st_mass\n\"Earth, "
      "third\",Sun,365.25,1,1,5772,1,1\n");
  const planet::CatalogueEntry* earth = find(import, "Earth, third");
  ASSERT_NE(earth, nullptr);
  EXPECT_EQ(earth->host, "Sun");
  EXPECT_NEAR(earth->scalars[ScalarId::kGravity]->value, 9.798, 1e-3);  // GM / R^2 with nominal equatorial radius
  EXPECT_NEAR(earth->scalars[ScalarId::kStellarFlux]->value, 1361.0, 1.0);
  EXPECT_TRUE(says(import, "gravity of 1 planets is derived"));
  EXPECT_TRUE(says(import, "flux of 1 planets is derived"));
  EXPECT_TRUE(says(import, "as the archive defines"));
}

TEST(NasaCsv, ErrorsAndLimitsAreKeptAndLimitsDeriveNothing) {
  const planet::Import import = readText(
      "pl_name,pl_rade,pl_radeerr1,pl_radeerr2,pl_radelim,pl_bmasse,pl_bmasseerr1,pl_bmasseerr2,pl_bmasselim\n"
      "A b,2,0.1,-0.3,0,8,0.8,-0.8,0\nA c,2,,,1,8,,,0\nA d,,,,,8,,,0\n");
  const planet::Measurement radius = *find(import, "A b")->scalars[ScalarId::kPlanetRadius];
  EXPECT_DOUBLE_EQ(radius.sigma, 0.2);
  const planet::Measurement gravity = *find(import, "A b")->scalars[ScalarId::kGravity];
  EXPECT_NEAR(gravity.sigma / gravity.value, std::sqrt(0.1 * 0.1 + 0.2 * 0.2), 1e-12);
  EXPECT_EQ(find(import, "A c")->scalars[ScalarId::kPlanetRadius]->limit, 1);
  EXPECT_FALSE(find(import, "A c")->scalars[ScalarId::kGravity].has_value());
  EXPECT_FALSE(find(import, "A d")->scalars[ScalarId::kPlanetRadius].has_value());
}

TEST(NasaCsv, HeaderUnitsAreCheckedAgainstTheArchives) {
  const std::string good =
      "# COLUMN pl_name: Planet Name\n# COLUMN pl_rade: Planet Radius [Earth Radius]\n#\npl_name,pl_rade\nA b,2\n";
  EXPECT_FALSE(says(readText(good), "states no units"));
  std::string bad = good;
  bad.replace(bad.find("Earth Radius]"), 12, "Jupiter Radius");
  EXPECT_NE(refusal(bad).find("jupiter radius"), std::string::npos) << refusal(bad);
}

TEST(NasaCsv, DamagedTablesAreRefusedWithTheirPlace) {
  const std::string head = "pl_name,pl_rade\nA b,2\n";
  EXPECT_NE(refusal(head + "A c\n").find("line 3"), std::string::npos);
  EXPECT_NE(refusal(head + "A c,two\n").find("line 3, pl_rade"), std::string::npos);
  EXPECT_NE(refusal(head + "A c,inf\n").find("line 3"), std::string::npos);
  EXPECT_NE(refusal(head + "\"A c,2\n").find("line 3"), std::string::npos);
  EXPECT_NE(refusal(head + ",2\n").find("no name"), std::string::npos);
  EXPECT_NE(refusal(head + "A b,2\n").find("several rows"), std::string::npos);
  EXPECT_NE(refusal("pl_name,pl_rade\n"), "");
  EXPECT_TRUE(says(readText(head + "A c,-5\n"), "1 values of pl_rade"));
}

TEST(NasaCsv, OnlyDefaultRowsOfTheFullTableAreTaken) {
  const planet::Import import = readText("pl_name,default_flag,pl_rade\nA b,0,3\nA b,1,2\n");
  ASSERT_EQ(import.entries.size(), 1U);
  EXPECT_DOUBLE_EQ(import.entries[0].scalars[ScalarId::kPlanetRadius]->value, 2.0);
}

TEST(TextJsonl, BothSchemasAreReadWithLatexAndPlainBlanks) {
  const planet::Import import = readText(
      R"({"id": "2504.1", "title": "A\n title", "summary": "Line one\nline two with $\\alpha^2$", "abs": "https://arxiv.org/abs/2504.1", "categories": ["astro-ph.EP"], "authors": ["X"], "comment": null})"
      "\n"
      R"({"id": "2604.2v1", "title": "B", "summary": "One line.", "url": "http://arxiv.org/abs/2604.2v1", "categories": [], "primary_category": "astro-ph.SR"})"
      "\n",
      "texts.jsonl");
  ASSERT_EQ(import.texts.size(), 2U);
  EXPECT_EQ(import.texts[0].title, "A title");
  EXPECT_EQ(import.texts[0].body, "Line one line two with $\\alpha^2$");
  EXPECT_EQ(import.texts[0].keywords, std::vector<std::string>{"astro-ph.EP"});
  EXPECT_EQ(import.texts[1].source, "http://arxiv.org/abs/2604.2v1");
  EXPECT_EQ(import.texts[1].licence, "CC0-1.0");
  EXPECT_TRUE(says(import, "CC0"));
}

TEST(TextJsonl, LicenceComesFromTheOptionElseItIsUnknownForOtherSources) {
  const std::string line = R"({"id": "1", "title": "T", "summary": "S"})";
  EXPECT_EQ(readText(line, "t.jsonl").texts[0].licence, "unknown");
  EXPECT_EQ(readText(line, "t.jsonl", {{{"licence", "MIT"}}}).texts[0].licence, "MIT");
}

TEST(TextJsonl, DamagedLinesAreRefusedWithTheirNumber) {
  const std::string good = R"({"id": "1", "title": "T", "summary": "S"})"
                           "\n";
  EXPECT_NE(refusal(good + "{\"id\": \"2\", \"title\"", "t.jsonl").find("line 2"), std::string::npos);
  EXPECT_NE(refusal(good + R"({"id": "2", "title": "T"})", "t.jsonl").find("line 2"), std::string::npos);
  EXPECT_NE(refusal(good + R"({"id": "2", "title": "T", "summary": "  "})", "t.jsonl").find("summary"),
            std::string::npos);
  EXPECT_NE(refusal(good + R"({"id": 2, "title": "T", "summary": "S"})", "t.jsonl").find("id"), std::string::npos);
  EXPECT_NE(refusal(good + good, "t.jsonl").find("same id"), std::string::npos);
  EXPECT_NE(refusal(good + "[]\n", "t.jsonl").find("line 2"), std::string::npos);
  EXPECT_NE(refusal(good + "{\"id\": \"2\", \"title\": \"\xff\", \"summary\": \"S\"}", "t.jsonl").find("line 2"),
            std::string::npos);
  EXPECT_NE(refusal(good + std::string(100000, '['), "t.jsonl").find("line 2"), std::string::npos);
}

TEST(Registry, UnknownFilesListWhatWasTriedAndTheOptionThatSettlesIt) {
  const std::string message = refusal("just words\nand more\n", "letter.txt");
  for (const formats::Format& format : formats::formats()) {
    EXPECT_NE(message.find(std::string(format.name) + ":"), std::string::npos) << message;
  }
  EXPECT_NE(message.find("--set format="), std::string::npos);
}

TEST(Registry, FormatOptionOverridesDetectionAndUnknownOptionsAreUsageErrors) {
  test::TempFolder folder;
  std::ofstream(folder / "x.csv") << "pl_name,pl_rade\nA b,2\n";
  EXPECT_EQ(formats::detect(folder / "x.csv", {}).name, "nasa_csv");
  EXPECT_EQ(formats::detect(folder / "x.csv", {{{"format", "text_jsonl"}}}).name, "text_jsonl");
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
           {"format", "zip"}, {"units.dept", "ppm"}, {"", "x"}, {"units.", "ppm"}}) {
    try {
      formats::checkOptions({{{key, value}}});
      FAIL() << key;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage) << key;
    }
  }
}

TEST(Registry, ProvenanceNamesFileHashReaderAndAssumptions) {
  const planet::Import import = readText("pl_name,pl_rade\nA b,2\n", "my table.csv");
  EXPECT_EQ(import.provenance.source, "my table.csv");
  EXPECT_EQ(import.provenance.sha256.size(), 64U);
  EXPECT_EQ(import.provenance.assumptions, import.assumptions);
  EXPECT_NE(import.provenance.generator.find("nasa_csv"), std::string::npos);
}

}  // namespace
