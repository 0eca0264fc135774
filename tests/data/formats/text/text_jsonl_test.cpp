// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "tests/support/import_text.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using test::importText;
using test::refusalOf;
using test::says;

std::string line(const std::string& id, const std::string& more = "") {
  return R"({"id": ")" + id + R"(", "title": "T", "summary": "S")" + (more.empty() ? "" : ", " + more) + "}\n";
}

TEST(TextJsonl, EachTextHasTheLicenceThatItsLineStates) {
  const std::string file = line("1", R"("licence": "CC-BY-4.0")") + line("2", R"("license": " MIT ")") +
                           line("3", R"("url": "https://arxiv.org/abs/1", "licence": null)");
  const planet::Import import = importText(file, {}, "t.jsonl");
  EXPECT_EQ(import.texts.at(0).licence, "CC-BY-4.0");
  EXPECT_EQ(import.texts.at(1).licence, "MIT");
  EXPECT_EQ(import.texts.at(2).licence, "CC0-1.0");
  EXPECT_EQ(import.provenance.licence, "");  // of a file of several
  EXPECT_TRUE(says(import, "1 of 3 texts state no licence: these are arXiv metadata"));
  // One of all is the file's.
  const planet::Import one = importText(line("1", R"("licence": "MIT")"), {}, "t.jsonl");
  EXPECT_EQ(one.provenance.licence, "MIT");
  EXPECT_FALSE(says(one, "no licence"));
}

TEST(TextJsonl, TheUsersLicenceWinsAndTheOthersAreCounted) {
  const planet::Import import =
      importText(line("1", R"("licence": "CC-BY-4.0")") + line("2"), {{{"licence", "MIT"}}}, "t.jsonl");
  EXPECT_EQ(import.texts.at(0).licence, "MIT");
  EXPECT_EQ(import.texts.at(1).licence, "MIT");
  EXPECT_TRUE(says(import, "1 of 2 texts state another licence than MIT"));
}

TEST(TextJsonl, WhatIsNoLicenceIsRefusedWithItsLine) {
  for (const std::string& stated :
       {std::string("7"), "\"" + std::string(201, 'x') + "\"", std::string("\"a\\u001bb\"")}) {
    const std::string message = refusalOf(line("1") + line("2", "\"licence\": " + stated), {}, "t.jsonl");
    EXPECT_NE(message.find("line 2"), std::string::npos) << stated << ": " << message;
    EXPECT_NE(message.find("the licence"), std::string::npos) << stated << ": " << message;
  }
}

}  // namespace
