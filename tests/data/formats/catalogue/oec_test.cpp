// SPDX-License-Identifier: Apache-2.0
// The Open Exoplanet Catalogue as XML and as CSV.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "tests/support/import_text.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::Measurement;
using planet::ScalarId;
using test::says;

const std::string kOecSystem = R"(<system>
<name>Pair</name>
<binary>
 <name>Pair AB</name>
 <star><name>Pair A</name><mass>1</mass><radius errorplus="0.2" errorminus="0.1">1</radius><temperature>5772</temperature>
  <planet><name>Pair A b</name><name>HD 41004 A b</name><list>Confirmed planets</list>
   <mass upperlimit="3.1"/><radius errorplus="0.04" errorminus="0.02">0.5</radius>
   <period>365.25</period><semimajoraxis>1</semimajoraxis><eccentricity lowerlimit="0.1"></eccentricity></planet>
 </star>
 <binary><star><name>Pair B</name></star><star><name>Pair C</name></star>
  <planet><name>Pair (BC) b</name><list>Controversial</list><period>10</period></planet></binary>
 <planet><name>Pair (AB) c</name><period>1000</period></planet>
</binary>
<planet><name>Drifter</name><mass>5</mass><radius>1.1</radius></planet>
</system>
)";

planet::Import importedOec(const std::string& text) {
  return test::importText(text, {}, "A system.xml");
}
std::string refusalOfOec(const std::string& text) {
  return test::refusalOf(text, {}, "A system.xml");
}
std::string editedOec(const std::string& from, const std::string& to) {
  return test::replaced(kOecSystem, from, to);
}
const planet::CatalogueEntry& entry(const planet::Import& import, const std::string& name) {
  const auto row = std::find_if(import.entries.begin(), import.entries.end(),
                                [&](const planet::CatalogueEntry& e) { return e.planet == name; });
  if (row == import.entries.end()) throw Error("no entry " + name);
  return *row;
}
void expectIn(const std::string& said, const std::string& words) {
  EXPECT_NE(said.find(words), std::string::npos) << words << " in: " << said;
}

TEST(OecXml, NestedBinariesNamesErrorsAndLimits) {
  const planet::Import import = importedOec(kOecSystem);
  EXPECT_NE(import.provenance.generator.find("oec_xml"), std::string::npos);
  ASSERT_EQ(import.entries.size(), 4U);
  const planet::CatalogueEntry& b = entry(import, "Pair A b");
  EXPECT_EQ(b.host, "Pair A");
  EXPECT_EQ(b.aliases, std::vector<std::string>{"HD 41004 A b"});
  EXPECT_NEAR(b.scalars[ScalarId::kPlanetRadius]->value, 0.5 * 71492.0 / 6378.1, 1e-12);  // IAU 2015 nominal radii
  EXPECT_NEAR(b.scalars[ScalarId::kPlanetRadius]->sigma, 0.03 * 71492.0 / 6378.1, 1e-12);
  EXPECT_NEAR(b.scalars[ScalarId::kStellarRadius]->sigma, 0.15, 1e-12);
  EXPECT_EQ(*b.scalars[ScalarId::kEccentricity], (Measurement{0.1, 0.0, -1}));
  EXPECT_FALSE(b.scalars[ScalarId::kGravity].has_value());  // a limit of mass gives none
  EXPECT_NEAR(b.scalars[ScalarId::kStellarFlux]->value, 1361.0, 1e-9);
  EXPECT_EQ(b.scalars[ScalarId::kStellarFlux]->sigma, 0.0);  // the star's temperature has no error
  EXPECT_EQ(entry(import, "Pair (BC) b").host, "");
  EXPECT_EQ(entry(import, "Pair (AB) c").host, "Pair AB");
  EXPECT_FALSE(entry(import, "Pair (AB) c").scalars[ScalarId::kStellarTemperature].has_value());
  EXPECT_EQ(entry(import, "Drifter").host, "");
  EXPECT_TRUE(says(import, "2 planets of a whole binary have no star's values: Pair (AB) c, Pair (BC) b") ||
              says(import, "2 planets of a whole binary have no star's values: Pair (BC) b, Pair (AB) c"));
  EXPECT_TRUE(says(import, "1 planets have no star: Drifter"));
  EXPECT_TRUE(says(import, "1 planets are taken that the catalogue lists as controversial: Pair (BC) b"));
  EXPECT_TRUE(says(import, "gravity of 1 planets is derived"));
}

TEST(OecXml, ErrorsOfTheFluxAreThoseOfRadiusTemperatureAndDistance) {
  std::string text = editedOec("<temperature>5772<", "<temperature errorplus=\"57.72\" errorminus=\"57.72\">5772<");
  text.replace(text.find("<semimajoraxis>1<"), 17, "<semimajoraxis errorplus=\"0.05\" errorminus=\"0.05\">1<");
  const Measurement flux = *entry(importedOec(text), "Pair A b").scalars[ScalarId::kStellarFlux];
  EXPECT_NEAR(flux.sigma / 1361.0, std::sqrt(0.3 * 0.3 + 0.04 * 0.04 + 0.1 * 0.1), 1e-12);
}

TEST(OecXml, UpperLimitsStayLimits) {
  const planet::Import import = importedOec(
      editedOec(R"(<radius errorplus="0.04" errorminus="0.02">0.5</radius>)", R"(<radius upperlimit="0.5" />)"));
  const Measurement radius = *entry(import, "Pair A b").scalars[ScalarId::kPlanetRadius];
  EXPECT_EQ(radius.limit, 1);
  EXPECT_NEAR(radius.value, 0.5 * 71492.0 / 6378.1, 1e-12);
}

TEST(OecXml, ValuesOutsideTheirOwnLimitsAreQuestioned) {
  const planet::Import import = importedOec(
      editedOec(R"(errorplus="0.04" errorminus="0.02">0.5<)", R"(upperlimit="0.04" lowerlimit="0.02">0.5<)"));
  EXPECT_TRUE(says(import, "line 7, <radius> of 'Pair A b': 0.5 is outside its own limits 0.02 to 0.04"));
  EXPECT_EQ(entry(import, "Pair A b").scalars[ScalarId::kPlanetRadius]->sigma, 0.0);
  EXPECT_TRUE(says(importedOec(editedOec(R"(errorplus="0.04" errorminus="0.02">0.5<)", R"(upperlimit="0.6">0.5<)")),
                   "1 values stand beside limits of their own"));
}

TEST(OecXml, RetractedPlanetsAreLeftOut) {
  const planet::Import import = importedOec(editedOec("Controversial", "Retracted planet candidate"));
  EXPECT_EQ(import.entries.size(), 3U);
  EXPECT_TRUE(says(import, "1 planets are left out: the catalogue lists them as retracted: Pair (BC) b"));
  expectIn(refusalOfOec("<system><planet><name>x</name><list>Retracted planet candidate</list></planet></system>"),
           "holds no planet");
}

TEST(OecXml, ValuesThatCannotBeTrueAreRefusedAndTheRestIsTaken) {
  const planet::Import import = importedOec(editedOec("<period>10</period>", "<period>-10</period>"));
  EXPECT_TRUE(says(import, "refused: line 11, <period> of the planet of 'Pair (BC) b': -10 d is outside"));
  EXPECT_EQ(import.entries.size(), 4U);
}

TEST(OecXml, SeveralSystemsAreOneFile) {
  const planet::Import import =
      importedOec("<?xml version=\"1.0\"?>\n<!-- all -->\n<systems>" + kOecSystem +
                  "<system><star><name>S</name><planet><name>S b</name></planet></star></system></systems>");
  EXPECT_EQ(import.entries.size(), 5U);
}

TEST(OecXml, DamageIsRefusedWithItsLine) {
  expectIn(refusalOfOec(editedOec("<period>10</period>", "<period>ten</period>")),
           "line 11, <period>: the value is not a number");
  expectIn(refusalOfOec(editedOec("errorminus=\"0.02\"", "errorminus=\"x\"")),
           "line 7, <radius>: the errorminus is not a number");
  expectIn(refusalOfOec(editedOec("<period>10</period>", "<period>10</period><period>11</period>")),
           "line 11: <planet> has <period> twice");
  expectIn(refusalOfOec(editedOec("<name>Drifter</name>", "")), "line 14: the planet has no name");
  expectIn(refusalOfOec(editedOec("</star>", "</stars>")), "not well-formed XML");
  expectIn(refusalOfOec("<!DOCTYPE system [<!ENTITY a \"b\">]>" + kOecSystem), "document type declaration");
  expectIn(refusalOfOec("<system><name>&a;</name></system>"), "not well-formed XML");
  std::string deep = "<system>";
  for (int i = 0; i < 100; ++i) deep += "<binary>";
  expectIn(refusalOfOec(deep), "nest too deeply");
  expectIn(refusalOfOec("<svg></svg>"), "XML of <svg>, not <system>");
}

// Ten levels of ten entities would be 10^10 characters.
TEST(OecXml, EntitiesAreNotExpanded) {
  std::string bomb = "<?xml version=\"1.0\"?><!DOCTYPE system [<!ENTITY e0 \"x\">";
  for (int i = 1; i <= 10; ++i) {
    bomb += "<!ENTITY e" + std::to_string(i) + " \"";
    for (int k = 0; k < 10; ++k) bomb += "&e" + std::to_string(i - 1) + ";";
    bomb += "\">";
  }
  bomb += "]><system><name>&e10;</name></system>";
  expectIn(test::refusalOf(bomb, {{{"format", "oec_xml"}}}, "bomb.xml"), "entities are not read");
  const std::string outside =
      "<?xml version=\"1.0\"?><!DOCTYPE system SYSTEM \"file:///etc/passwd\"><system><name>x</name></system>";
  expectIn(test::refusalOf(outside, {{{"format", "oec_xml"}}}, "outside.xml"), "entities are not read");
}

TEST(OecXml, EveryCutIsRefused) {
  for (std::size_t length = 1; length + 1 < kOecSystem.size(); length += 3) {
    EXPECT_NE(refusalOfOec(kOecSystem.substr(0, length)), "") << "cut at " << length;
  }
}

const std::string kHead =
    "name,binaryflag,mass,radius,period,semimajoraxis,eccentricity,periastron,longitude,ascendingnode,inclination,"
    "temperature,age,discoverymethod,discoveryyear,lastupdate,system_rightascension,system_declination,system_distance,"
    "hoststar_mass,hoststar_radius,hoststar_metallicity,hoststar_temperature,hoststar_age,list\n";
const std::string kEarth =
    "Earth,0,0.00314558,0.0892141,365.25,1,0.0167,,,,,,,,,,00 00 00,+00 00 00,,1,1,,5772,,Solar System\r\n";

std::string csvRefusal(const std::string& text) {
  return test::refusalOf(text, {}, "catalogue.csv.txt");
}

TEST(OecCsv, UnitsAreTheCataloguesAndItIsSaid) {
  const planet::Import import = test::importText(
      kHead + kEarth +
          "Two (AB) b,1,1,,,,,,,,,,,,,,,,,1.1,1.2,,5000,,\"Confirmed planets, Planets in binary systems, P-type\"\n" +
          "Gone b,0,,,,,,,,,,,,,,,,,,,,,,,Retracted planet candidate\n",
      {}, "catalogue.csv.txt");
  ASSERT_EQ(import.entries.size(), 2U);
  const planet::Scalars& earth = import.entries[0].scalars;
  EXPECT_NEAR(earth[ScalarId::kPlanetRadius]->value, 1.0, 1e-5);
  EXPECT_NEAR(earth[ScalarId::kGravity]->value, 9.798, 0.01);
  EXPECT_NEAR(earth[ScalarId::kStellarFlux]->value, 1361.0, 1.0);
  EXPECT_FALSE(import.entries[1].scalars[ScalarId::kStellarTemperature].has_value());
  EXPECT_TRUE(says(import, "radius in R_jup"));
  EXPECT_TRUE(says(import, "1 planets of a whole binary have no star's values: Two (AB) b"));
  EXPECT_TRUE(says(import, "1 planets are left out: the catalogue lists them as retracted: Gone b"));
}

TEST(OecCsv, DamageIsRefusedWithItsLine) {
  expectIn(csvRefusal(kHead + kEarth + "Mars,0,1\n"), "line 3: the row has another number of cells");
  std::string text = kHead + kEarth;
  text.replace(text.find("365.25"), 6, "a year");
  expectIn(csvRefusal(text), "line 2, period: the cell is not a number");
  expectIn(csvRefusal(kHead), "holds no planet");
  text = kHead + kEarth;
  text.replace(text.find("longitude"), 9, "period");
  expectIn(csvRefusal(text), "period: the column stands twice");
}

}  // namespace
