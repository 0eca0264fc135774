// SPDX-License-Identifier: Apache-2.0
// What a child says reaches people whole or cut, and never obeyed by a terminal.
#include "data/formats/child/import_wire.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "data/formats/child/import_child.h"
#include "data/formats/registry.h"
#include "tests/support/import_text.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using formats::decodeError;
using formats::encodeError;

Error through(const Error& error) {
  return decodeError(encodeError(error));
}

TEST(ImportWire, TheLongestErrorStillFitsAFrameAndIsAnError) {
  for (const std::string& piece : {std::string("\""), std::string("\\"), std::string("\x01"), std::string("\xce\xb2"),
                                   std::string("\xe1"), std::string("x")}) {
    std::string text;
    while (text.size() < 200'000) text += piece;
    Error error(text);
    error.on(text).expected(text).found(text).next(text);
    for (int i = 0; i < 50; ++i) error.within(text);
    formats::ImportedPart part;
    part.name = text;
    part.refusal = error;
    EXPECT_LE(formats::encodePart(part).size(), formats::kLongestWords) << piece;
    EXPECT_LE(encodeError(error, std::vector<std::string>(100, text)).size(), formats::kLongestWords) << piece;
    const std::string cut = formats::decodePart(formats::encodePart(part)).refusal->failure();
    EXPECT_TRUE(cut.ends_with("...")) << piece;
    EXPECT_NO_THROW((void)through(error)) << piece;
  }
}

TEST(ImportWire, WhatEachFormatSaidOfAnUnknownFileComesThrough) {
  const test::TempFolder folder;
  std::ofstream(folder / "letter.txt") << "just words\nand more\n";
  try {
    (void)formats::runImportChild(IMPORT_TEST_CHILD, folder / "letter.txt", {});
    FAIL() << "it was taken";
  } catch (const formats::UnknownFormat& error) {
    EXPECT_NE(std::string(error.what()).find("no format fits"), std::string::npos);
    EXPECT_EQ(error.looks().size(), formats::formats().size());
  }
  EXPECT_EQ(formats::decodeLooks(encodeError(Error("x"), {"a: \x1b[31m"})), std::vector<std::string>{"a:  [31m"});
  EXPECT_THROW((void)formats::decodeLooks(R"({"looks": [3]})"), Error);
}

TEST(ImportWire, ALongCellIsRefusedForWhatItIs) {
  const test::TempFolder folder;
  std::ofstream(folder / "long.csv") << "pl_name,pl_rade\nGJ 1 b," << std::string(100'000, 'x') << "\n";
  const std::string message =
      test::refusalIn([&] { return formats::runImportChild(IMPORT_TEST_CHILD, folder / "long.csv", {}); });
  EXPECT_NE(message.find("long.csv"), std::string::npos);
  EXPECT_EQ(message.find("hostile"), std::string::npos) << message.substr(0, 300);
  EXPECT_EQ(message.find("message that is none"), std::string::npos) << message.substr(0, 300);
}

TEST(ImportWire, NothingThatAHostileChildSaysIsObeyedByATerminal) {
  const std::string escape = "\\u001b[31m\\u009b31m";
  const std::string shown = " [31m 31m";
  const Error error =
      decodeError(R"({"kind": 0, "what": ")" + escape + R"(", "object": ")" + escape + R"(", "expected": ")" + escape +
                  R"(", "found": ")" + escape + R"(", "next": ")" + escape + R"(", "contexts": [")" + escape + "\"]}");
  EXPECT_EQ(error.failure(), shown);
  EXPECT_EQ(error.object(), shown);
  EXPECT_EQ(error.expectation(), shown);
  EXPECT_EQ(error.finding(), shown);
  EXPECT_EQ(error.nextStep(), shown);
  EXPECT_EQ(error.contexts(), std::vector<std::string>{shown});
  EXPECT_EQ(formats::decodePart(R"({"name": ")" + escape + R"(", "at": 0, "of": 1})").name, shown);
  constexpr std::uint64_t kMost = std::uint64_t{1} << 20U;
  formats::Inbox inbox(kMost, kMost);
  for (const char kind : {'S', 'X'}) {
    const std::string frame = std::string(1, kind) + std::string("\x04\0\0\0\x1b[1m", 8);
    inbox.take(std::as_bytes(std::span(frame.data(), frame.size())));
  }
  EXPECT_EQ(inbox.stage, " [1m");
  EXPECT_EQ(inbox.excess, " [1m");
}

TEST(ImportWire, WhatAFileMakesAnImportTellIsShownSafely) {
  const test::TempFolder folder;
  const std::string escape =
      "\xc2\x9b"
      "31m\n";
  std::ofstream(folder / "a.csv") << "wavelength (um),depth (ppm),instrument\n1.0,5000,A\n1.2,5000,A\n1.5,5100,"
                                  << escape << "1.7,5100," << escape;
  const planet::Import import = formats::runImportChild(IMPORT_TEST_CHILD, folder / "a.csv", {});
  EXPECT_TRUE(test::says(import, "by instrument or order: A,  31m"));
  EXPECT_EQ(import.planet.provenance.at(0).assumptions, import.assumptions);
}

}  // namespace
