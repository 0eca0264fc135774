// SPDX-License-Identifier: Apache-2.0
#include "data/base/hash.h"

#include <gtest/gtest.h>

#include "data/base/error.h"
#include "data/base/files.h"
#include "tests/support/temp_folder.h"

namespace ecumene {
namespace {

// FIPS 180-4 examples.
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Sha256, GivesPublishedDigests) {
  EXPECT_EQ(sha256("abc"), kAbc);
  EXPECT_EQ(sha256(""), kEmpty);
  Sha256 pieces;
  pieces.update("a");
  pieces.update("bc");
  EXPECT_EQ(pieces.hex(), kAbc);
}

TEST(Sha256, OfAFileEqualsThatOfItsContent) {
  const test::TempFolder folder;
  const std::string content(3U << 20U, 'z');
  writeFileAtomically(folder / "f", content);
  EXPECT_EQ(sha256OfFile(folder / "f"), sha256(content));
  EXPECT_THROW(sha256OfFile(folder / "missing"), Error);
}

}  // namespace
}  // namespace ecumene
