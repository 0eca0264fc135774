// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/import_text.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using test::importText;
using test::refusalOf;
using test::says;

formats::ImportOptions asText(std::map<std::string, std::string> more = {}) {
  more["format"] = "plain_text";
  return {std::move(more)};
}

bool hasKeyword(const planet::Text& text, const std::string& word) {
  return std::find(text.keywords.begin(), text.keywords.end(), word) != text.keywords.end();
}

TEST(PlainText, IsTakenOnlyWhereTheUserSaysSo) {
  const std::string message = refusalOf("# Data\nThese are the data of a paper.\n", {}, "README.md");
  EXPECT_NE(message.find("no format fits"), std::string::npos) << message;
  EXPECT_NE(message.find("--set format=plain_text"), std::string::npos) << message;
}

TEST(PlainText, TheFirstLineIsTheTitleAndTheRestTheBody) {
  const planet::Import import = importText("\n# A warm Neptune\n\nWe observe GJ~1214~b\nand see   haze.\n",
                                           asText({{"licence", "CC-BY-4.0"}}), "note.md");
  ASSERT_EQ(import.texts.size(), 1U);
  const planet::Text& text = import.texts[0];
  EXPECT_EQ(text.id, "note");
  EXPECT_EQ(text.title, "A warm Neptune");
  EXPECT_EQ(text.body, "We observe GJ~1214~b and see haze.");
  EXPECT_TRUE(hasKeyword(text, "GJ 1214 b"));
  EXPECT_EQ(text.licence, "CC-BY-4.0");
  EXPECT_EQ(text.source, "note.md");
  EXPECT_TRUE(says(import, "the title is the first line"));
  EXPECT_FALSE(says(import, "unknown"));
}

TEST(PlainText, UnderlinedTitlesAndTheUsersTitleAreTitles) {
  EXPECT_EQ(importText("Title\n=====\nBody of it.\n", asText(), "a.txt").texts.at(0).body, "Body of it.");
  const planet::Text told = importText("First.\nSecond.\n", asText({{"title", "Mine"}}), "a.txt").texts.at(0);
  EXPECT_EQ(told.title, "Mine");
  EXPECT_EQ(told.body, "First. Second.");
}

TEST(PlainText, PlanetKeywordsSourceAndLicenceAreTheUsers) {
  const planet::Import import = importText(
      "Title\nBody.\n",
      asText({{"planet", "Proxima Cen b"}, {"keywords", "ocean, red dwarf"}, {"source", "https://x.org/1"}}), "a.txt");
  const planet::Text& text = import.texts.at(0);
  EXPECT_EQ(text.keywords, (std::vector<std::string>{"Proxima Cen b", "ocean", "red dwarf"}));
  EXPECT_EQ(text.source, "https://x.org/1");
  EXPECT_EQ(text.licence, "unknown");
  EXPECT_TRUE(says(import, "--set licence=NAME"));
  EXPECT_TRUE(says(importText("Title\nBody.\n", asText(), "a.txt"), "names no planet"));
}

TEST(PlainText, WhatIsNoTitledTextIsRefused) {
  EXPECT_NE(refusalOf("Only one line\n", asText(), "a.txt").find("no body"), std::string::npos);
  EXPECT_NE(refusalOf(std::string(400, 'a') + "\nBody.\n", asText(), "a.txt").find("--set title="), std::string::npos);
  EXPECT_NE(refusalOf("Title\nBody \x1b[31m.\n", asText(), "a.txt"), "");
  EXPECT_NE(refusalOf("Title\nK\xf6rper\n", asText(), "a.txt").find("iconv"), std::string::npos);
}

}  // namespace
