// SPDX-License-Identifier: Apache-2.0
#include "data/base/say.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace ecumene {
namespace {

TEST(Say, WritesAtOnceAndOutlivesAFullDisk) {
  testing::internal::CaptureStderr();
  say("50 % of \"it\"\r");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "50 % of \"it\"\r");

  const int kept = ::dup(STDERR_FILENO);
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  ASSERT_GE(::dup2(full, STDERR_FILENO), 0);
  say("nobody hears this\n");
  ASSERT_GE(::dup2(kept, STDERR_FILENO), 0);
  ::close(full);
  ::close(kept);
  testing::internal::CaptureStderr();
  say("this again\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "this again\n");
}

}  // namespace
}  // namespace ecumene
