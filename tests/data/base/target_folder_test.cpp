// SPDX-License-Identifier: Apache-2.0
#include "data/base/target_folder.h"

#include <gtest/gtest.h>

#include "data/base/error.h"
#include "data/base/files.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene {
namespace {

namespace fs = std::filesystem;

TEST(TargetFolder, IsAbsentOrEmpty) {
  const test::TempFolder folder;
  EXPECT_NO_THROW(requireAbsentOrEmpty(folder / "absent"));
  EXPECT_NO_THROW(requireAbsentOrEmpty(folder / "absent" / "too"));
  fs::create_directory(folder / "empty");
  EXPECT_NO_THROW(requireAbsentOrEmpty(folder / "empty"));
  fs::create_directory_symlink(folder / "empty", folder / "link");
  EXPECT_NO_THROW(requireAbsentOrEmpty(folder / "link"));
}

TEST(TargetFolder, IsRefusedByTheNameOfWhatIsThere) {
  const test::TempFolder folder;
  const auto messageOf = [&](const char* name) {
    return test::messageOf(
        [&] { requireAbsentOrEmpty(folder / name, [](const std::string& entry) { return entry == "left"; }); });
  };
  fs::create_directory(folder / "used");
  writeFileAtomically(folder / "used" / "left", "of us");
  EXPECT_EQ(messageOf("used"), "nothing thrown");
  writeFileAtomically(folder / "used" / "thesis.tex", "years of work");
  EXPECT_EQ(messageOf("used"), (folder / "used").string() +
                                   ": there is something at the target already, and nothing is overwritten: expected a "
                                   "folder that is absent or empty, found 'thesis.tex'; name another one");
  EXPECT_NE(messageOf("used/thesis.tex").find("found no folder"), std::string::npos);
  fs::create_directory_symlink(folder / "nowhere", folder / "link");
  EXPECT_NE(messageOf("link").find("found no folder"), std::string::npos);
}

TEST(TargetFolder, ANewOneTakesThePlaceOfTheOldOneWhole) {
  const test::TempFolder folder;
  const auto made = [&](const char* name, const char* file) {
    fs::create_directory(folder / name);
    writeFileAtomically(folder / name / file, file);
    return folder / name;
  };
  const fs::path target = folder / "target";
  putInPlace(made("first", "a"), target);
  EXPECT_TRUE(fs::exists(target / "a"));
  EXPECT_FALSE(fs::exists(folder / "first"));
  putInPlace(made("second", "b"), target);
  EXPECT_TRUE(fs::exists(target / "b"));
  EXPECT_FALSE(fs::exists(target / "a"));
  EXPECT_TRUE(fs::exists(folder / "second" / "a"));  // the old one, still whole
  EXPECT_THROW(putInPlace(folder / "absent", target), Error);
  EXPECT_TRUE(fs::exists(target / "b"));
}

}  // namespace
}  // namespace ecumene
