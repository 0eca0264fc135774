// SPDX-License-Identifier: Apache-2.0
// From a catalogue's file and a spectrum's to one planet in a store, under any of its names.
#include <gtest/gtest.h>

#include "data/store/store.h"
#include "tests/support/import_text.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::ScalarId;

constexpr const char* kTrappistSystem = R"(<system><name>TRAPPIST-1</name><star><name>TRAPPIST-1</name>
<temperature errorminus="41" errorplus="41">2516</temperature><radius>0.121</radius>
<planet><name>TRAPPIST-1 e</name><name>K2-112 e</name><period>6.09957</period><semimajoraxis>0.0293</semimajoraxis>
<radius upperlimit="0.09" /><eccentricity>0.0051</eccentricity></planet></star></system>
)";
constexpr const char* kTrappistTable =
    "\\fixlen = T\n"
    "|     pl_name| pl_rade|pl_radeerr1|pl_radelim|pl_orbper|\n"
    "|        char|  double|     double|       int|   double|\n"
    "|            | R_Earth|    R_Earth|          |     days|\n"
    "|        null|    null|       null|      null|     null|\n"
    "     K2-112 e     0.92        0.01          0       6.1 \n";

planet::Planet joined(const std::vector<std::pair<std::string, std::string>>& catalogues) {
  const test::TempFolder folder;
  store::Store store = store::Store::open(folder / "store", store::Mode::kCreate);
  planet::Import spectrum =
      test::importText("wavelength (um),depth (ppm),error (ppm)\n1.0,5000,50\n1.1,5010,50\n1.2,4990,50\n",
                       {{{"planet", "trappist1e"}, {"kind", "transmission"}}});
  const auto keepAll = [](planet::Planet&) { return false; };
  const std::string id = store.addObserved(spectrum.planet, keepAll).id;
  for (const auto& [name, text] : catalogues) store.addCatalogue(test::importText(text, {}, name));
  return store.get(id);
}

TEST(CatalogueJoin, ScalarsComeByNameAndLimitsStayLimits) {
  const planet::Planet p = joined({{"TRAPPIST-1.xml", kTrappistSystem}});
  EXPECT_EQ(p.name, "TRAPPIST-1 e");
  ASSERT_TRUE(p.scalars[ScalarId::kPlanetRadius].has_value());
  EXPECT_EQ(p.scalars[ScalarId::kPlanetRadius]->limit, 1);
  EXPECT_NEAR(p.scalars[ScalarId::kPlanetRadius]->value, 0.09 * 71492.0 / 6378.1, 1e-9);
  EXPECT_EQ(*p.scalars[ScalarId::kStellarTemperature], (planet::Measurement{2516.0, 41.0, 0}));
  EXPECT_EQ(*p.scalars[ScalarId::kOrbitalPeriod], (planet::Measurement{6.09957, 0.0, 0}));
  EXPECT_NEAR(p.scalars[ScalarId::kStellarFlux]->value, 1361.0 * 0.616, 1361.0 * 0.003);  // 0.121^2 0.4359^4 / 0.0293^2
  ASSERT_GE(p.provenance.size(), 2U);
  EXPECT_EQ(p.provenance.back().source, "TRAPPIST-1.xml");
}

TEST(CatalogueJoin, AMeasurementUnderAnAliasIsWorthMoreThanALimit) {
  const planet::Planet p = joined({{"TRAPPIST-1.xml", kTrappistSystem}, {"table.tbl", kTrappistTable}});
  EXPECT_EQ(*p.scalars[ScalarId::kPlanetRadius], (planet::Measurement{0.92, 0.01, 0}));
  EXPECT_EQ(p.scalars[ScalarId::kOrbitalPeriod]->value, 6.09957);  // the first that states it
}

}  // namespace
