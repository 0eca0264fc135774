// SPDX-License-Identifier: Apache-2.0
// Truth: archives that numpy wrote (tests/oracles/npz_files.py).
#include "data/formats/climate/npz_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "data/base/files.h"
#include "data/base/random.h"
#include "tests/support/import_text.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;

const std::filesystem::path kFolder = "tests/oracles/reference/npz";

TEST(NpzFile, EveryTypeThatNumpyStoresOrDeflatesIsRead) {
  for (const char* name : {"stored.npz", "deflated.npz"}) {
    SCOPED_TRACE(name);
    const data::formats::NpzFile file(kFolder / name);
    EXPECT_EQ(file.names().size(), 10U);
    EXPECT_EQ(file.header("f4").shape, (std::vector<std::size_t>{2, 3, 4}));
    const std::vector<double> f4 = file.numbers("f4", 24);
    for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(f4[i], static_cast<double>(i) / 8.0);
    for (const std::vector<std::size_t>& wanted : {std::vector<std::size_t>{1}, {0, 1}, {}}) {
      std::vector<std::size_t> given;
      file.slices("f4", wanted, 12, [&](std::size_t index, const std::vector<double>& numbers) {
        given.push_back(index);
        const auto begin = f4.begin() + static_cast<std::ptrdiff_t>(12 * index);
        EXPECT_EQ(numbers, std::vector<double>(begin, begin + 12)) << index;
      });
      EXPECT_EQ(given, wanted);
    }
    const std::vector<double> f8 = file.numbers("f8", 4);
    EXPECT_EQ(f8[1], -2.25);
    EXPECT_TRUE(std::isnan(f8[2]));
    EXPECT_EQ(f8[3], std::numeric_limits<double>::infinity());
    EXPECT_EQ(file.numbers("i8", 3), (std::vector<double>{-1099511627776.0, 0.0, 7.0}));
    EXPECT_EQ(file.numbers("i4", 2), (std::vector<double>{-5.0, 1759.0}));
    EXPECT_EQ(file.numbers("u1", 2), (std::vector<double>{0.0, 255.0}));
    EXPECT_EQ(file.numbers("b1", 2), (std::vector<double>{1.0, 0.0}));
    EXPECT_EQ(file.numbers("scalar", 1), std::vector<double>{2.5});
    EXPECT_TRUE(file.numbers("empty", 1).empty());
    EXPECT_EQ(file.texts("U", 3), (std::vector<std::string>{"surface_temperature", "u_0", ""}));
    EXPECT_EQ(file.texts("S", 2), (std::vector<std::string>{"olr", "v_9"}));
  }
}

TEST(NpzFile, WhatIsNotPlainNumbersInCOrderIsRefusedWithTheReason) {
  const auto numbers = [](const char* name, const char* array) {
    return test::refusalIn([&] { static_cast<void>(data::formats::NpzFile(kFolder / name).numbers(array, 1000)); });
  };
  EXPECT_NE(numbers("object.npz", "o").find("never unpickled"), std::string::npos);
  EXPECT_EQ(numbers("object.npz", "f4"), "");
  EXPECT_NE(numbers("fortran.npz", "f").find("Fortran order"), std::string::npos);
  EXPECT_NE(numbers("big_endian.npz", "f").find("little-endian"), std::string::npos);
  EXPECT_NE(numbers("record.npz", "f").find("records"), std::string::npos);
  EXPECT_NE(numbers("stored.npz", "U").find("texts"), std::string::npos);
  EXPECT_NE(numbers("stored.npz", "none").find("no such array"), std::string::npos);
  EXPECT_NE(test::refusalIn([] {
              static_cast<void>(data::formats::NpzFile(kFolder / "stored.npz").numbers("f4", 23));
            }).find("larger"),
            std::string::npos);
}

TEST(NpzFile, HeadersThatLieOrGoOnForEverAreRefused) {
  const auto parse = [](const std::string& dictionary) {
    std::string text("\x93NUMPY\x01\x00", 8);
    text.push_back(static_cast<char>(dictionary.size() & 0xFFU));
    text.push_back(static_cast<char>(dictionary.size() >> 8U));
    text += dictionary;
    return test::refusalIn([&] {
      std::size_t length = 0;
      static_cast<void>(data::formats::parseNpyHeader(std::as_bytes(std::span(text)), length).count());
    });
  };
  EXPECT_EQ(parse("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"), "");
  EXPECT_EQ(parse("{'descr': '<f4', 'fortran_order': False, 'shape': (), }"), "");
  for (const char* bad : {"{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 4294967296), }",
                          "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
                          "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999,), }",
                          "{'descr': '<f3', 'fortran_order': False, 'shape': (1,), }",
                          "{'descr': '<U99999999999', 'fortran_order': False, 'shape': (1,), }",
                          "{'descr': '<f4', 'fortran_order': False, }", "{'shape': (1,)}", "{", "",
                          "{'descr': __import__('os')}", "{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }"}) {
    EXPECT_NE(parse(bad), "") << bad;
  }
}

TEST(NpzFile, CutAndFlippedArchivesAreRefusedOrReadButNeverCrash) {
  const std::string whole = readFile(kFolder / "deflated.npz");
  const test::TempFolder folder;
  const auto read = [&](const std::string& bytes) {
    std::ofstream(folder / "x.npz", std::ios::binary | std::ios::trunc) << bytes;
    return test::refusalIn([&] {
      const data::formats::NpzFile file(folder / "x.npz");
      for (const std::string& name : file.names()) {
        const char kind = file.header(name).kind;
        if (kind == 'U' || kind == 'S') {
          static_cast<void>(file.texts(name, 100));
        } else {
          static_cast<void>(file.numbers(name, 100));
        }
      }
    });
  };
  EXPECT_EQ(read(whole), "");
  constexpr std::size_t kEndRecord = 22;
  for (std::size_t size = 0; size + kEndRecord < whole.size(); size += 7)
    EXPECT_NE(read(whole.substr(0, size)), "") << size;
  Random random(20, "npz", 0);
  for (int i = 0; i < 500; ++i) {
    std::string bytes = whole;
    char& byte = bytes[random.below(static_cast<std::uint32_t>(bytes.size()))];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << random.below(8)));
    static_cast<void>(read(bytes));
  }
}

}  // namespace
