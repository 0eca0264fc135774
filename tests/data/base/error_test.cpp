// SPDX-License-Identifier: Apache-2.0
#include "data/base/error.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <limits>

#include "data/base/checked.h"

namespace ecumene {
namespace {

TEST(Error, SaysWhatWhereExpectedFoundAndNext) {
  Error error = Error("cannot read the variable").on("a.nc: ts").expected("12 months").found("10").next("give 12");
  error.within("while importing a.nc");
  EXPECT_STREQ(error.what(),
               "a.nc: ts: cannot read the variable: expected 12 months, found 10; give 12 (while importing a.nc)");
  EXPECT_EQ(error.kind(), ErrorKind::kInput);
}

TEST(Error, FullDiskIsTheEnvironmentsFaultAndGivesAdvice) {
  const Error error = systemError("cannot write", "x", ENOSPC);
  EXPECT_EQ(error.kind(), ErrorKind::kEnvironment);
  EXPECT_NE(std::string(error.what()).find("free some space"), std::string::npos);
}

TEST(Error, MissingPathIsTheUsersAndMissingPermissionTheMachines) {
  EXPECT_EQ(systemError("cannot open", "x", ENOENT).kind(), ErrorKind::kInput);
  EXPECT_EQ(systemError("cannot open", "x", EACCES).kind(), ErrorKind::kEnvironment);
}

TEST(Checked, OverflowIsAnErrorNotANumber) {
  constexpr std::size_t kHuge = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(checkedMultiply(6, 7, "x"), 42U);
  EXPECT_THROW(checkedMultiply(kHuge, 2, "x"), Error);
  EXPECT_EQ(checkedCast<int>(std::size_t{12}, "x"), 12);
  EXPECT_THROW(checkedCast<int>(kHuge, "x"), Error);
  EXPECT_THROW(checkedCast<std::uint8_t>(-1, "x"), Error);
}

}  // namespace
}  // namespace ecumene
