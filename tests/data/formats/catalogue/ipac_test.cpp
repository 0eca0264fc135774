// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "tests/support/import_text.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::ScalarId;
using test::says;

const std::string kKeywords = "\\fixlen = T\n\\RowsRetrieved =  3\n\\ pl_name\n\\ ___ Planet Name\n";
const std::string kHeader =
    "|   pl_name|  pl_rade|pl_radeerr1|pl_radeerr2|pl_radelim|pl_orbper|\n"
    "|      char|   double|     double|     double|       int|   double|\n"
    "|          |  R_Earth|    R_Earth|    R_Earth|          |     days|\n"
    "|      null|     null|       null|       null|      null|     null|\n";
const std::string kRows =
    "    GJ 1 b       1.5         0.1        -0.3          0      10.5 \n"
    "    GJ 1 c       2.5        null        null          1      null \n"
    "    gj-1-b      null        null        null       null      10.5 \n";
const std::string kIpacTable = kKeywords + kHeader + kRows;

planet::Import importedIpac(const std::string& text) {
  return test::importText(text, {}, "table.tbl");
}
std::string refusalOfIpac(const std::string& text) {
  return test::refusalOf(text, {}, "table.tbl");
}
std::string editedIpac(const std::string& from, const std::string& to) {
  return test::replaced(kIpacTable, from, to);
}

TEST(Ipac, RowsNullsErrorsAndLimits) {
  const planet::Import import = importedIpac(kIpacTable);
  EXPECT_NE(import.provenance.generator.find("ipac"), std::string::npos);
  ASSERT_EQ(import.entries.size(), 2U);
  const planet::Scalars& b = import.entries[0].scalars;
  EXPECT_EQ(*b[ScalarId::kPlanetRadius], (planet::Measurement{1.5, 0.2, 0}));
  EXPECT_EQ(*b[ScalarId::kOrbitalPeriod], (planet::Measurement{10.5, 0.0, 0}));
  EXPECT_EQ(import.entries[0].aliases, std::vector<std::string>{"gj-1-b"});
  EXPECT_TRUE(says(import, "1 rows name the planet of an earlier row"));
  const planet::Scalars& c = import.entries[1].scalars;
  EXPECT_EQ(*c[ScalarId::kPlanetRadius], (planet::Measurement{2.5, 0.0, 1}));  // an upper limit
  EXPECT_FALSE(c[ScalarId::kOrbitalPeriod].has_value());
}

TEST(Ipac, JupitersUnitsAreRead) {
  const planet::Import import = importedIpac(
      "|pl_name|pl_radj|pl_bmassj|\n|   char| double|   double|\n|       |   Rjup|     Mjup|\n|   null|   null|     "
      "null|\n"
      " GJ 1 b     1.0       2.0 \n");
  const planet::Scalars& b = import.entries.at(0).scalars;
  EXPECT_NEAR(b[ScalarId::kPlanetRadius]->value, 71492.0 / 6378.1, 1e-9);
  EXPECT_NEAR(b[ScalarId::kGravity]->value, 2.0 * 1.2668653e17 / (7.1492e7 * 7.1492e7), 1e-6);
}

TEST(Ipac, WithoutUnitAndNullLinesTheArchivesUnitsAreTakenAndSaid) {
  const std::string header = kHeader.substr(0, 2 * (kHeader.find('\n') + 1));
  const planet::Import import = importedIpac(kKeywords + header + kRows);
  ASSERT_EQ(import.entries.size(), 2U);
  EXPECT_TRUE(says(import, "states no units; read as the archive defines its columns: pl_rade in R_earth"));
}

TEST(Ipac, DamageIsRefusedWithLineAndColumn) {
  const auto expectSays = [](const std::string& said, const std::string& words) {
    EXPECT_NE(said.find(words), std::string::npos) << words << " in: " << said;
  };
  // A blank lost in a row moves its values below the bars.
  expectSays(refusalOfIpac(editedIpac("    GJ 1 b       1.5         0.1", "    GJ 1 b  1.5         0.1")), "line 9");
  expectSays(refusalOfIpac(editedIpac("1.5         0.1", "  1.567     0.1")), "line 9, character 22, beside pl_rade");
  expectSays(refusalOfIpac(editedIpac("  R_Earth|    R_Earth", "R_Earth|    R_Earth")), "line 7");
  expectSays(refusalOfIpac(editedIpac("  R_Earth|    R", "    R_Jup|    R")), "pl_rade: the column has another unit");
  expectSays(refusalOfIpac(editedIpac("       1.5 ", "       one ")), "line 9, pl_rade: the cell is not a number");
  expectSays(refusalOfIpac(editedIpac("RowsRetrieved =  3", "RowsRetrieved =  4")), "expected 4, found 3");
  expectSays(refusalOfIpac(kIpacTable.substr(0, kIpacTable.size() - 20)), "shorter than the header");
  expectSays(refusalOfIpac(kIpacTable + std::string(70, ' ') + "y\n"), "longer than the header");
  expectSays(refusalOfIpac(kIpacTable + kHeader), "line 12: a line of the header stands where a row should");
  expectSays(refusalOfIpac(kKeywords + kHeader), "holds no planet");
  expectSays(refusalOfIpac(editedIpac("|   pl_name|", "|   pl_nome|")), "IPAC table without a column pl_name");
}

TEST(Ipac, FalsePositivesAreLeftOutAndAssumedEccentricitiesToo) {
  const planet::Import import = importedIpac(
      "|kepoi_name| kepler_name|koi_disposition|koi_eccen|koi_eccen_err1|koi_prad|\n"
      "|      char|        char|           char|   double|        double|  double|\n"
      "  K00001.01  Kepler-1 b        CONFIRMED       0.0           null     12.0\n"
      "  K00002.01         null  FALSE POSITIVE       0.1           0.05      1.0\n"
      "  K00003.01         null       CANDIDATE       0.2           0.05      1.0\n");
  ASSERT_EQ(import.entries.size(), 2U);
  EXPECT_TRUE(says(import, "1 rows are left out: false positives are no planets: K00002.01"));
  EXPECT_FALSE(import.entries[0].scalars[ScalarId::kEccentricity].has_value());
  EXPECT_TRUE(says(import, "1 eccentricities koi_eccen are 0 without an error"));
  EXPECT_EQ(import.entries[0].planet, "Kepler-1 b");
  EXPECT_EQ(import.entries[1].planet, "K00003.01");
  EXPECT_EQ(*import.entries[1].scalars[ScalarId::kEccentricity], (planet::Measurement{0.2, 0.05, 0}));
}

TEST(NasaCsv, ObjectsOfInterestComeAsCsvToo) {
  const planet::Import import = test::importText(
      "# COLUMN koi_prad: Planetary Radius [Earth radii]\n# COLUMN koi_insol: Insolation Flux [Earth flux]\n"
      "kepoi_name,kepler_name,koi_disposition,koi_prad,koi_prad_err1,koi_prad_err2,koi_insol\n"
      "K00752.01,Kepler-227 b,CONFIRMED,2.26,0.26,-0.15,93.59\nK00753.01,,FALSE POSITIVE,14.6,3.92,-1.31,9.11\n",
      {}, "cumulative.csv");
  ASSERT_EQ(import.entries.size(), 1U);
  EXPECT_EQ(import.entries[0].planet, "Kepler-227 b");
  EXPECT_DOUBLE_EQ(import.entries[0].scalars[ScalarId::kPlanetRadius]->value, 2.26);
  EXPECT_NEAR(import.entries[0].scalars[ScalarId::kPlanetRadius]->sigma, 0.205, 1e-12);
  EXPECT_DOUBLE_EQ(import.entries[0].scalars[ScalarId::kStellarFlux]->value, 93.59 * 1361.0);
  EXPECT_FALSE(says(import, "states no unit"));
}

TEST(Ipac, EveryCutIsRefused) {
  // The last bytes are a blank and a line end.
  for (std::size_t length = 1; length + 2 < kIpacTable.size(); length += 3) {
    EXPECT_NE(refusalOfIpac(kIpacTable.substr(0, length)), "") << "cut at " << length;
  }
}

}  // namespace
