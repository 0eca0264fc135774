// SPDX-License-Identifier: GPL-3.0-or-later
// The files are made here by the rules of the PNG specification, and by Qt.
#include "ui/shell/png_text.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <QBuffer>
#include <QImage>

#include "data/base/files.h"
#include "tests/support/temp_folder.h"

namespace ecumene::ui::shell {
namespace {

constexpr std::size_t kMost = 100000;
const std::string kSignature = "\x89PNG\r\n\x1a\n";

std::string number(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<char>(value >> static_cast<unsigned>(shift)));
  return bytes;
}
std::string chunk(const std::string& type, const std::string& data) {
  const std::string both = type + data;
  const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(both.data()), both.size());
  return number(static_cast<std::uint32_t>(data.size())) + both + number(static_cast<std::uint32_t>(sum));
}
std::string packed(const std::string& text) {
  std::string out(compressBound(text.size()), '\0');
  uLongf size = out.size();
  EXPECT_EQ(
      compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size()),
      Z_OK);
  return out.substr(0, size);
}
const std::string kKey("View\0", 5);

class PngText : public ::testing::Test {
 protected:
  std::string textOf(const std::string& bytes) {
    writeFileAtomically(folder_ / "a.png", bytes);
    return pngText(folder_ / "a.png", "View", kMost);
  }
  test::TempFolder folder_;
};

TEST_F(PngText, IsFoundWhereverItStandsAndHoweverItIsKept) {
  const std::string head = kSignature + chunk("IHDR", std::string(13, 'x')), end = chunk("IEND", "");
  EXPECT_EQ(textOf(head + chunk("tEXt", kKey + "plain") + end), "plain");
  EXPECT_EQ(textOf(head + chunk("IDAT", "no picture at all") + chunk("tEXt", kKey + "behind") + end), "behind");
  EXPECT_EQ(textOf(head + chunk("zTXt", kKey + '\0' + packed("packed")) + end), "packed");
  EXPECT_EQ(textOf(head + chunk("tEXt", std::string("Viewer\0other", 12)) + chunk("tEXt", kKey + "mine") + end),
            "mine");
}

TEST_F(PngText, IsThatOfAPictureByQt) {
  const std::string text = std::string(5000, 'a') + "end";
  for (const std::string& written : {std::string("short"), text}) {
    QImage image(8, 8, QImage::Format_RGB32);
    image.fill(Qt::red);
    image.setText("View", QString::fromStdString(written));
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    ASSERT_TRUE(image.save(&buffer, "PNG"));
    EXPECT_EQ(textOf(bytes.toStdString()), written);
  }
}

TEST_F(PngText, OfADamagedOrHostileFileIsNone) {
  const std::string head = kSignature + chunk("IHDR", std::string(13, 'x')), end = chunk("IEND", "");
  const std::string good = head + chunk("zTXt", kKey + '\0' + packed(std::string(1000, 'v')));
  ASSERT_EQ(textOf(good + end).size(), 1000U);
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_EQ(textOf(good.substr(0, size)), "") << size;
  for (std::size_t at = head.size(); at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_EQ(textOf(bad + end), "") << at;
  }
  EXPECT_EQ(textOf("GIF89a" + good.substr(6) + end), "");
  EXPECT_EQ(textOf(head + chunk("zTXt", kKey + '\0' + packed(std::string(kMost + 1, 'v'))) + end), "");
  EXPECT_EQ(textOf(head + chunk("zTXt", kKey + '\1' + packed("other method")) + end), "");
  EXPECT_EQ(textOf(head + chunk("zTXt", kKey) + end), "");
  EXPECT_EQ(textOf(head + chunk("tEXt", kKey + std::string(kMost, 'v')) + end), "");
  EXPECT_EQ(textOf(head + end + chunk("tEXt", kKey + "behind the end")), "");
  EXPECT_EQ(textOf(head + number(0xFFFFFFFFU) + "tEXt" + kKey + "v"), "");
  EXPECT_EQ(textOf(head + number(0x7FFFFFFFU) + "IDAT" + chunk("tEXt", kKey + "v")), "");
  EXPECT_EQ(pngText(folder_ / "none.png", "View", kMost), "");
}

}  // namespace
}  // namespace ecumene::ui::shell
