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

TEST(KnownNoData, PagesAndErrorsOfAServerAreSaidToBe) {
  for (const char* page :
       {"<!doctype html>\n<html><head><title>Login</title></head></html>\n", "\n<HTML><body/></HTML>",
        "<?xml version=\"1.0\"?>\n<!-- a page --><!DOCTYPE html><html/>"}) {
    const std::optional<Error> why = knownNoData(page);
    ASSERT_TRUE(why) << page;
    EXPECT_NE(std::string(why->what()).find("HTML"), std::string::npos) << why->what();
  }
  for (const char* answer : {"ERROR: ORA-00942: table or view does not exist\n", "ERROR<br>\nMessage: no column\n"}) {
    const std::optional<Error> why = knownNoData(answer);
    ASSERT_TRUE(why) << answer;
    EXPECT_NE(std::string(why->what()).find("an error message of a server"), std::string::npos) << why->what();
  }
  EXPECT_FALSE(knownNoData("<sbml><notes><html xmlns=\"http://www.w3.org/1999/xhtml\"/></notes></sbml>"));
  EXPECT_FALSE(knownNoData("error,depth,wavelength\n1,2,3\n"));
  EXPECT_FALSE(knownNoData("error depth wavelength\n1 2 3\n"));
}

TEST(KnownNoData, TextAndBytesThatOnlyLookLikeThemAreNot) {
  EXPECT_FALSE(knownNoData("&MOST_NL\n NLAT = 32\n"));               // no end
  EXPECT_FALSE(knownNoData("Salt & Pepper\n&c. of them\n/home\n"));  // no name
  using namespace std::string_literals;
  EXPECT_FALSE(knownNoData("PK\3\4\0\0\n&Ab\n\x1f\x8b\n/x\n"s));  // in an archive's bytes, once in a few files
  EXPECT_FALSE(knownNoData("PK\3\4\n&\xd7\x93\n\x1f\x8b\n/x\n"s));
}

}  // namespace
