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
#include "tests/support/import_text.h"
#include "tests/support/reference.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using nlohmann::json;
using planet::ScalarId;
using test::importText;
using test::refusalOf;
using test::says;

const planet::CatalogueEntry* find(const planet::Import& import, const std::string& name) {
  const auto entry =
      std::find_if(import.entries.begin(), import.entries.end(), [&](const auto& e) { return e.planet == name; });
  return entry == import.entries.end() ? nullptr : &*entry;
}

TEST(NasaCsv, OutsideTablesAgreeWithPythonsReader) {
  ECUMENE_NEEDS_SHARED(shared);
  const json reference = test::reference("catalogue.json");
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
  const planet::Import import = importText(
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
  const planet::Import import = importText(
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
  EXPECT_FALSE(says(importText(good), "states no units"));
  std::string bad = good;
  bad.replace(bad.find("Earth Radius]"), 12, "Jupiter Radius");
  EXPECT_NE(refusalOf(bad).find("jupiter radius"), std::string::npos) << refusalOf(bad);
}

TEST(NasaCsv, JupitersUnitsAreReadWhereEarthsAreNotThere) {
  const planet::Import import =
      importText("pl_name,pl_radj,pl_radjerr1,pl_radjerr2,pl_bmassj\nJup-1 b,1,0.1,-0.1,1\nJup-1 c,0.5,,,\n");
  // IAU 2015 B3: equatorial radii of 71,492 and 6,378.1 km, GM of 1.2668653e17 m3 s-2.
  const planet::Scalars& b = find(import, "Jup-1 b")->scalars;
  EXPECT_NEAR(b[ScalarId::kPlanetRadius]->value, 71492.0 / 6378.1, 1e-9);
  EXPECT_NEAR(b[ScalarId::kPlanetRadius]->sigma, 7149.2 / 6378.1, 1e-9);
  EXPECT_NEAR(b[ScalarId::kGravity]->value, 1.2668653e17 / (7.1492e7 * 7.1492e7), 1e-6);
  EXPECT_NEAR(find(import, "Jup-1 c")->scalars[ScalarId::kPlanetRadius]->value, 35746.0 / 6378.1, 1e-9);
  EXPECT_TRUE(says(import, "pl_radj in R_jup, pl_bmassj in M_jup"));
  EXPECT_TRUE(test::tells(import, "from Jupiter's to Earth's"));
  // Earth's units win where both are there, and nothing is said of the others.
  const planet::Import both = importText("pl_name,pl_radj,pl_rade\nJup-1 b,1,11\n");
  EXPECT_DOUBLE_EQ(find(both, "Jup-1 b")->scalars[ScalarId::kPlanetRadius]->value, 11.0);
  EXPECT_FALSE(test::tells(both, "Jupiter"));
}

TEST(NasaCsv, DamagedTablesAreRefusedWithTheirPlace) {
  const std::string head = "pl_name,pl_rade\nA b,2\n";
  EXPECT_NE(refusalOf(head + "A c\n").find("line 3"), std::string::npos);
  EXPECT_NE(refusalOf(head + "A c,two\n").find("line 3, pl_rade"), std::string::npos);
  EXPECT_NE(refusalOf(head + "A c,inf\n").find("line 3"), std::string::npos);
  EXPECT_NE(refusalOf(head + "\"A c,2\n").find("line 3"), std::string::npos);
  EXPECT_NE(refusalOf(head + ",2\n").find("no name"), std::string::npos);
  EXPECT_NE(refusalOf(head + std::string(201, 'x') + ",2\n").find("line 3: the name is too long"), std::string::npos);
  EXPECT_NE(refusalOf(head + "A b,3\n").find("several rows"), std::string::npos);
  EXPECT_NE(refusalOf("pl_name,pl_rade,pl_rade\nA b,2,3\n").find("stands twice"), std::string::npos);
  EXPECT_NE(refusalOf("pl_name,pl_rade\n"), "");
}

TEST(NasaCsv, ValuesThatCannotBeTrueAreRefusedWithTheirPlaceAndTheRestIsTaken) {
  const planet::Import import = importText(
      "pl_name,pl_insol,st_teff,pl_rade,pl_orbeccen,pl_bmasse,st_mass\n"
      "A b,1e9,5000,1,0.1,1,1\nA c,1,1e6,-3,1.2,1,1\nA d,1,5000,1,0,-1,1e9\n");
  EXPECT_TRUE(says(import, "line 2, pl_insol of 'A b': 1e+09"));
  EXPECT_TRUE(says(import, "line 3, st_teff of 'A c': 1e+06"));
  EXPECT_TRUE(says(import, "line 3, pl_rade of 'A c': -3"));
  EXPECT_TRUE(says(import, "line 3, pl_orbeccen of 'A c': 1.2"));
  EXPECT_TRUE(says(import, "line 4, pl_bmasse of 'A d': -1"));
  EXPECT_TRUE(says(import, "line 4, st_mass of 'A d': 1e+09"));
  EXPECT_TRUE(says(import, "6 values in all"));
  ASSERT_EQ(import.entries.size(), 3U);
  EXPECT_FALSE(find(import, "A b")->scalars[ScalarId::kStellarFlux].has_value());
  EXPECT_DOUBLE_EQ(find(import, "A b")->scalars[ScalarId::kStellarTemperature]->value, 5000.0);
  EXPECT_DOUBLE_EQ(find(import, "A c")->scalars[ScalarId::kStellarFlux]->value, 1361.0);
  EXPECT_FALSE(find(import, "A c")->scalars[ScalarId::kGravity].has_value());
  EXPECT_FALSE(find(import, "A d")->scalars[ScalarId::kGravity].has_value());
}

TEST(NasaCsv, SpellingsOfOnePlanetAreOneEntryUnlessTheyDiffer) {
  const std::string table =
      "pl_name,hostname,pl_rade,pl_orbper\nWASP-39 b,WASP-39,14.2,\nwasp-39b,,14.2,4.055\nWASP_39b,,,4.055\n"
      "HD 41004 A b,,1,1\nHD 41004 B b,,2,2\nKepler-16 (AB) b,,8,\nKepler-16 b,,,229\n";
  const planet::Import import = importText(table);
  ASSERT_EQ(import.entries.size(), 4U);
  const planet::CatalogueEntry& wasp = *find(import, "WASP-39 b");
  EXPECT_DOUBLE_EQ(wasp.scalars[ScalarId::kPlanetRadius]->value, 14.2);
  EXPECT_DOUBLE_EQ(wasp.scalars[ScalarId::kOrbitalPeriod]->value, 4.055);
  EXPECT_EQ(wasp.aliases, (std::vector<std::string>{"wasp-39b", "WASP_39b"}));
  EXPECT_TRUE(says(import, "3 rows name the planet of an earlier row"));
  const std::string message = refusalOf(table + "wasp39b,,15,\n");
  EXPECT_NE(message.find("line 9: the table has several rows of one planet"), std::string::npos) << message;
  EXPECT_NE(message.find("planet_radius 15 of 'wasp39b' and, in line 2, 14.2 of 'WASP-39 b'"), std::string::npos)
      << message;
}

TEST(NasaCsv, OnlyDefaultRowsOfTheFullTableAreTaken) {
  const planet::Import import = importText("pl_name,default_flag,pl_rade\nA b,0,3\nA b,1,2\n");
  ASSERT_EQ(import.entries.size(), 1U);
  EXPECT_DOUBLE_EQ(import.entries[0].scalars[ScalarId::kPlanetRadius]->value, 2.0);
}

TEST(TextJsonl, BothSchemasAreReadWithLatexAndPlainBlanks) {
  const planet::Import import = importText(
      R"({"id": "2504.1", "title": "A\n title", "summary": "Line one\nline two with $\\alpha^2$", "abs": "https://arxiv.org/abs/2504.1", "categories": ["astro-ph.EP"], "authors": ["X"], "comment": null})"
      "\n"
      R"({"id": "2604.2v1", "title": "B", "summary": "One line.", "url": "http://arxiv.org/abs/2604.2v1", "categories": [], "primary_category": "astro-ph.SR"})"
      "\n",
      {}, "texts.jsonl");
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
  EXPECT_EQ(importText(line, {}, "t.jsonl").texts[0].licence, "unknown");
  EXPECT_EQ(importText(line, {{{"licence", "MIT"}}}, "t.jsonl").texts[0].licence, "MIT");
}

TEST(TextJsonl, DamagedLinesAreRefusedWithTheirNumber) {
  const std::string good = R"({"id": "1", "title": "T", "summary": "S"})"
                           "\n";
  EXPECT_NE(refusalOf(good + "{\"id\": \"2\", \"title\"", {}, "t.jsonl").find("line 2"), std::string::npos);
  EXPECT_NE(refusalOf(good + R"({"id": "2", "title": "T"})", {}, "t.jsonl").find("line 2"), std::string::npos);
  EXPECT_NE(refusalOf(good + R"({"id": "2", "title": "T", "summary": "  "})", {}, "t.jsonl").find("summary"),
            std::string::npos);
  EXPECT_NE(refusalOf(good + R"({"id": 2, "title": "T", "summary": "S"})", {}, "t.jsonl").find("id"),
            std::string::npos);
  EXPECT_NE(refusalOf(good + good, {}, "t.jsonl").find("same id"), std::string::npos);
  for (const char* escaped :
       {R"({"id": "2", "title": "\u001b[31mT", "summary": "S"})", R"({"id": "2", "title": "T", "summary": "S\u0000"})",
        R"({"id": "2", "title": "T", "summary": "S", "categories": ["\u007f"]})"}) {
    const std::string message = refusalOf(good + escaped, {}, "t.jsonl");
    EXPECT_NE(message.find("line 2: the "), std::string::npos) << message;
    EXPECT_NE(message.find("control character"), std::string::npos) << message;
  }
  EXPECT_NE(refusalOf(good + "[]\n", {}, "t.jsonl").find("line 2"), std::string::npos);
  EXPECT_NE(refusalOf(good + "{\"id\": \"2\", \"title\": \"\xff\", \"summary\": \"S\"}", {}, "t.jsonl").find("line 2"),
            std::string::npos);
  EXPECT_NE(refusalOf(good + std::string(100000, '['), {}, "t.jsonl").find("line 2"), std::string::npos);
  // The parser's own line is always the first.
  const std::string message = refusalOf(good + "{bad\n", {}, "t.jsonl");
  EXPECT_NE(message.find("line 2: the line is not valid JSON: found column 2: syntax error"), std::string::npos)
      << message;
}

TEST(Registry, AnUnknownFileIsRefusedByTheNearestFormatsAndCarriesWhatAllSaid) {
  const test::TempFolder folder;
  std::ofstream(folder / "letter.txt") << "just words\nand more\n";
  try {
    (void)formats::detect(folder / "letter.txt", {});
    FAIL() << "it has a format";
  } catch (const formats::UnknownFormat& error) {
    const std::string message = error.what();
    EXPECT_EQ(message,
              "letter.txt: no format fits the file; the nearest: plain_text: as one text of a planet only by --set "
              "format=plain_text; to read it as one: --set format=NAME");
    ASSERT_EQ(error.looks().size(), formats::formats().size());
    EXPECT_TRUE(error.looks().front().starts_with("plain_text: "));
    for (const formats::Format& format : formats::formats()) {
      EXPECT_TRUE(std::any_of(error.looks().begin(), error.looks().end(), [&](const std::string& look) {
        return look.starts_with(std::string(format.name) + ": ");
      })) << format.name;
    }
  }
  // Where none is near, they are named.
  const std::string none = refusalOf("just words\n", {}, "letter.dat");
  EXPECT_NE(none.find("to read it as one of exoplasim, "), std::string::npos) << none;
  EXPECT_EQ(none.find("not a NetCDF file"), std::string::npos) << none;
}

TEST(Registry, TheNearestFormatComesFirstWithWhatItLacks) {
  const std::string table = refusalOf("band,depth (ppm)\n1.0,5000\n2.0,5100\n");
  EXPECT_NE(table.find("no format fits the file; the nearest: "), std::string::npos) << table;
  const std::size_t near = table.find("--set format=spectrum_table --set columns.wavelength=NAME");
  EXPECT_NE(near, std::string::npos) << table;
  EXPECT_EQ(table.find("exoplasim: not a NetCDF file"), std::string::npos) << table;
  const std::string lines = refusalOf("{\"id\": \"1\", \"name\": \"T\"}\n", {}, "t.jsonl");
  EXPECT_NE(lines.find("text_jsonl: no title"), std::string::npos) << lines;
  EXPECT_EQ(lines.find("nasa_csv"), std::string::npos) << lines;
  const std::string named = refusalOf("pl_id,pl_rade\nA b,x\n");
  EXPECT_NE(named.find("nasa_csv: no pl_name column"), std::string::npos) << named;
  const std::string xml = refusalOf("<?xml version=\"1.0\"?>\n<svg/>\n", {}, "t.xml");
  EXPECT_NE(xml.find("the nearest: sbml: XML that does not name"), std::string::npos) << xml;
}

TEST(Registry, AFileNameThatCannotBeAPlanetsNameAsksForOne) {
  const std::string table = "wavelength (um),depth (ppm)\n1.0,5000\n2.0,5100\n";
  const std::string message = refusalOf(table, {}, "new\nline.csv");
  EXPECT_NE(message.find("--set planet=NAME"), std::string::npos) << message;
  EXPECT_EQ(importText(table, {{{"planet", "WASP-39 b"}}}, "new\nline.csv").planet.name, "WASP-39 b");
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
  const planet::Import import = importText("pl_name,pl_rade\nA b,2\n", {}, "my table.csv");
  EXPECT_EQ(import.provenance.source, "my table.csv");
  EXPECT_EQ(import.provenance.sha256.size(), 64U);
  EXPECT_EQ(import.provenance.assumptions, import.assumptions);
  EXPECT_NE(import.provenance.generator.find("nasa_csv"), std::string::npos);
}

}  // namespace
