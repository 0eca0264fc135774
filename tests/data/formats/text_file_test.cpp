// SPDX-License-Identifier: Apache-2.0
// Truth: the same table in other encodings, written by hand after RFC 3629, RFC 2781 and ISO 8859-1.
#include "data/formats/common/text_file.h"

#include <gtest/gtest.h>

#include "tests/support/import_text.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using test::importText;
using test::refusalOf;

const std::string kBetaPicSpectrum = "# Planet: \xce\xb2 Pic b\nwavelength (um),depth (ppm)\n1.0,5000\n1.5,5100\n";
const std::string kCatalogue = "pl_name,pl_rade\nA b,2\n";
const std::string kText = "{\"id\": \"1\", \"title\": \"T\", \"summary\": \"S\"}\n";

std::string eachReplaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string utf16(const std::string& ascii, bool littleEndian) {
  std::string out;
  for (const char c : ascii) out += littleEndian ? std::string{c, '\0'} : std::string{'\0', c};
  return out;
}

TEST(TextFile, LineEndsOfAllSystemsAndAByteOrderMarkAreTaken) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    for (const std::string mark : {"", "\xef\xbb\xbf"}) {
      SCOPED_TRACE(testing::PrintToString(end + mark));
      EXPECT_EQ(importText(mark + eachReplaced(kBetaPicSpectrum, "\n", end)).planet.spectra.at(0).size(), 2U);
      EXPECT_EQ(importText(mark + eachReplaced(kBetaPicSpectrum, "\n", end)).planet.name, "\xce\xb2 Pic b");
      EXPECT_EQ(importText(mark + eachReplaced(kCatalogue, "\n", end)).entries.size(), 1U);
      EXPECT_EQ(importText(mark + eachReplaced(kText, "\n", end)).texts.size(), 1U);
    }
  }
}

TEST(TextFile, AByteOrderMarkBeforeALongTableCutsNoRow) {
  std::string table = "wavelength (um),depth (ppm)\n";
  for (int i = 0; i < 9000; ++i) table += std::to_string(1.0 + 1e-4 * i) + ",5000\n";
  ASSERT_GT(table.size(), formats::kHeadBytes);
  EXPECT_EQ(importText("\xef\xbb\xbf" + table).planet.spectra.at(0).size(), 9000U);
}

TEST(TextFile, OtherEncodingsAreRefusedWithTheCommandThatConverts) {
  const std::string ascii = kCatalogue;
  for (const auto& [content, command] : std::vector<std::pair<std::string, std::string>>{
           {"\xff\xfe" + utf16(ascii, true), "iconv -f utf-16 -t utf-8"},
           {"\xfe\xff" + utf16(ascii, false), "iconv -f utf-16 -t utf-8"},
           {utf16(ascii, true), "iconv -f utf-16le -t utf-8"},
           {utf16(ascii, false), "iconv -f utf-16be -t utf-8"},
           {"pl_name,pl_rade\nA b,2\nCaf\xe9 b,1\n", "iconv -f latin1 -t utf-8"}}) {
    EXPECT_NE(refusalOf(content).find(command), std::string::npos) << refusalOf(content);
    const std::string forced = refusalOf(content, {{{"format", "nasa_csv"}}});
    EXPECT_NE(forced.find(command), std::string::npos) << forced;
  }
  const std::string xml = refusalOf("\xff\xfe" + utf16("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<sbml/>\n", true));
  EXPECT_NE(xml.find("iconv -f utf-16 -t utf-8 FILE | sed '1s/utf-16[a-z]*/UTF-8/I' > NEW"), std::string::npos) << xml;
  const std::string message = refusalOf("pl_name,pl_rade\nA b,2\nCaf\xe9 b,1\n");
  EXPECT_NE(message.find("line 3, byte 0xe9 at offset 25"), std::string::npos) << message;
}

TEST(TextFile, AForeignByteBehindTheHeadIsFoundByEveryReader) {
  for (const std::string& head : {kBetaPicSpectrum, kCatalogue, kText}) {
    std::string content = head;
    while (content.size() <= formats::kHeadBytes) content += "\n\n\n\n\n\n\n\n";
    const std::string message = refusalOf(content + "\xe9\n");
    EXPECT_NE(message.find("not UTF-8"), std::string::npos) << message;
    EXPECT_NE(message.find("line "), std::string::npos) << message;
    EXPECT_NE(refusalOf(content + std::string(1, '\0')).find("byte 0x00"), std::string::npos);
    // A character that the file's end cuts.
    EXPECT_NE(refusalOf(content + "\xce").find("not UTF-8"), std::string::npos);
  }
}

TEST(TextFile, EmptyAndBinaryFilesAreCalledSo) {
  for (const std::string& content : {std::string(), std::string("\n \r\n\t\n"), std::string("\xef\xbb\xbf")}) {
    EXPECT_NE(refusalOf(content).find("the file is empty"), std::string::npos) << refusalOf(content);
  }
  EXPECT_NE(refusalOf(std::string("abc\0def", 7)).find("binary or damaged"), std::string::npos);
  const std::string nul(1, '\0');
  for (const auto& [content, words] : std::vector<std::pair<std::string, std::string>>{
           {"\x1f\x8b\x08" + nul + "xx", "gunzip"},
           {"PK\x03\x04" + nul, "save the sheet as CSV"},
           {"SIMPLE  =                    T" + nul, "cannot open the file as FITS"},
           {"%PDF-1.7\n\xe2\xe3\xcf\xd3", "a PDF document"}}) {
    EXPECT_NE(refusalOf(content).find(words), std::string::npos) << refusalOf(content);
  }
}

}  // namespace
