// SPDX-License-Identifier: Apache-2.0
#include "data/base/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <fstream>

#include "data/base/error.h"
#include "tests/support/temp_folder.h"

namespace ecumene {
namespace {

TEST(AtomicFile, IsWholeAfterSuccess) {
  const test::TempFolder folder;
  writeFileAtomically(folder / "a", "first");
  writeFileAtomically(folder / "a", "second");
  EXPECT_EQ(readFile(folder / "a"), "second");
  EXPECT_FALSE(std::filesystem::exists(folder / "a.incomplete"));
}

TEST(AtomicFile, FailureKeepsTheOldContentAndLeavesNothing) {
  const test::TempFolder folder;
  writeFileAtomically(folder / "a", "old");
  EXPECT_THROW(writeFileAtomically(folder / "a",
                                   [](const std::filesystem::path& path) {
                                     std::ofstream(path) << "half";
                                     throw Error("stopped half-way");
                                   }),
               Error);
  EXPECT_EQ(readFile(folder / "a"), "old");
  EXPECT_FALSE(std::filesystem::exists(folder / "a.incomplete"));
}

TEST(AtomicFile, FullDiskIsAnErrorThatSaysSo) {
  try {
    FileDescriptor full(::open("/dev/full", 1));
    writeAll(full.get(), std::as_bytes(std::span("x", 1)), "/dev/full");
    FAIL() << "writing to a full device succeeded";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kEnvironment);
    EXPECT_EQ(error.object(), "/dev/full");
  }
}

TEST(ReadFile, RefusesMoreThanItsLimit) {
  const test::TempFolder folder;
  writeFileAtomically(folder / "a", std::string(1000, 'x'));
  EXPECT_EQ(readFile(folder / "a", 1000).size(), 1000U);
  EXPECT_THROW(readFile(folder / "a", 999), Error);
  EXPECT_THROW(readFile(folder / "missing"), Error);
}

}  // namespace
}  // namespace ecumene
