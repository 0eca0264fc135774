// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/socket.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::protocol {
namespace {

namespace fs = std::filesystem;

TEST(Socket, LiesBelowTheRuntimeFolder) {
  const char* before = std::getenv("XDG_RUNTIME_DIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
  EXPECT_EQ(defaultSocket(), "/run/user/7/ecumene/daemon.sock");
  ::unsetenv("XDG_RUNTIME_DIR");
  EXPECT_EQ(defaultSocket(), "/tmp/ecumene-" + std::to_string(::getuid()) + "/daemon.sock");
  if (before != nullptr) ::setenv("XDG_RUNTIME_DIR", kept.c_str(), 1);
}

TEST(Socket, FolderIsTheUsersAlone) {
  const test::TempFolder folder;
  const fs::path own = folder / "own";
  secureSocketFolder(own / "daemon.sock");
  EXPECT_EQ(fs::status(own).permissions(), fs::perms::owner_all);
  secureSocketFolder(own / "daemon.sock");

  fs::permissions(own, fs::perms::owner_all | fs::perms::group_exec);
  EXPECT_NE(test::messageOf([&] { secureSocketFolder(own / "daemon.sock"); }).find("mode 710"), std::string::npos);
  fs::permissions(own, fs::perms::owner_all);
  // A link could lead into anybody's folder.
  fs::create_directory_symlink(own, folder / "link");
  EXPECT_THROW(secureSocketFolder(folder / "link" / "daemon.sock"), Error);
  EXPECT_THROW(secureSocketFolder(folder / "none" / "deeper" / "daemon.sock"), Error);
  EXPECT_EQ(test::errorOf([&] { secureSocketFolder(folder / std::string(120, 'x')); }).kind(), ErrorKind::kUsage);
}

}  // namespace
}  // namespace ecumene::engine::protocol
