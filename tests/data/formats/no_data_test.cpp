// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/no_data.h"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace ecumene;
using data::formats::knownNoData;

TEST(KnownNoData, SettingsOfAClimateModelAreSaidToBe) {
  const std::optional<Error> why = knownNoData("&MOST_NL\r\n NLAT = 32\r\n/\r\n");
  ASSERT_TRUE(why);
  EXPECT_NE(std::string(why->what()).find("Fortran namelists"), std::string::npos) << why->what();
}

TEST(KnownNoData, TextAndBytesThatOnlyLookLikeThemAreNot) {
  EXPECT_FALSE(knownNoData("&MOST_NL\n NLAT = 32\n"));               // no end
  EXPECT_FALSE(knownNoData("Salt & Pepper\n&c. of them\n/home\n"));  // no name
  using namespace std::string_literals;
  EXPECT_FALSE(knownNoData("PK\3\4\0\0\n&Ab\n\x1f\x8b\n/x\n"s));  // in an archive's bytes, once in a few files
  EXPECT_FALSE(knownNoData("PK\3\4\n&\xd7\x93\n\x1f\x8b\n/x\n"s));
}

}  // namespace
