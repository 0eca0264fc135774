// SPDX-License-Identifier: Apache-2.0
#include "data/planet/planet.h"

#include <gtest/gtest.h>

#include "data/base/error.h"
#include "data/planet/collection.h"

namespace ecumene::data::planet {
namespace {

TEST(PlanetId, HostileOnesAreRefused) {
  for (const char* good : {"g42-00017-w", "a", "trappist-1_e.v2"}) EXPECT_TRUE(isValidId(good)) << good;
  const std::string nul("a\0b", 3);
  for (const std::string& bad : {std::string(), std::string("../x"), std::string("/etc"), std::string("A"), nul,
                                 std::string("a\nb"), std::string("'; DROP"), std::string(65, 'a'), std::string(".a"),
                                 std::string("-a"), std::string("a/b"), std::string("\xc3\xa9")}) {
    EXPECT_FALSE(isValidId(bad)) << bad;
  }
}

TEST(PlanetId, FromAnyNameIsValid) {
  EXPECT_EQ(idFromName("TRAPPIST-1 e"), "trappist-1-e");
  EXPECT_EQ(idFromName("../../etc/passwd"), "etc-passwd");
  EXPECT_EQ(idFromName("***"), "unnamed");
  for (const char* name :
       {"", "WASP-39 b", "\xce\xb1 Cen", "  -- ", "a b c d e f g h i j k l m n o p q r s t u v w x y z"}) {
    EXPECT_TRUE(isValidId(idFromName(name))) << name;
  }
}

TEST(StarTypes, FollowTheMainSequenceTable) {
  EXPECT_EQ(starType(2566.0), StarType::kM);  // TRAPPIST-1
  EXPECT_EQ(starType(5084.0), StarType::kK);  // epsilon Eridani, K2V
  EXPECT_EQ(starType(5772.0), StarType::kG);  // Sun
  EXPECT_EQ(starType(6530.0), StarType::kF);  // Procyon
}

TEST(ValidatePlanet, NamesThatATerminalWouldObeyAreRefused) {
  Planet planet;
  for (const std::string& name : {std::string("evil\x1b[31m"), std::string("two\nlines"), std::string(201, 'a')}) {
    planet.name = name;
    EXPECT_THROW(validate(planet), Error) << name;
  }
  planet.name = "\xce\xb1 Cen b";
  EXPECT_NO_THROW(validate(planet));
}

TEST(ValidatePlanet, NamesPartAndPlanet) {
  Planet planet;
  planet.id = "p1";
  planet.spectra.emplace_back();
  try {
    validate(planet);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("in spectrum 0 of planet 'p1'"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace ecumene::data::planet
