// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/socket.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "data/base/error.h"

namespace ecumene::engine::protocol {

namespace fs = std::filesystem;

fs::path defaultSocket() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  const fs::path folder = runtime != nullptr && *runtime != '\0' ? fs::path(runtime) / "ecumene"
                                                                 : fs::path(fmt::format("/tmp/ecumene-{}", ::getuid()));
  return folder / "daemon.sock";
}

void requireShort(const fs::path& socket) {
  if (socket.string().size() >= sizeof(sockaddr_un::sun_path)) {
    throw Error("the path is too long for a socket", ErrorKind::kUsage)
        .on(socket.string())
        .expected(fmt::format("at most {} bytes", sizeof(sockaddr_un::sun_path) - 1))
        .found(std::to_string(socket.string().size()));
  }
}

void secureSocketFolder(const fs::path& socket) {
  requireShort(socket);
  const std::string folder = socket.parent_path().string();
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw systemError("cannot make the folder of the socket", folder, errno);
  }
  struct stat status {};
  if (::lstat(folder.c_str(), &status) != 0) throw systemError("cannot look at the folder", folder, errno);
  if (!S_ISDIR(status.st_mode) || status.st_uid != ::getuid() || (status.st_mode & 0077) != 0) {
    throw Error("the folder of the socket is not this user's alone", ErrorKind::kEnvironment)
        .on(folder)
        .expected(fmt::format("a folder of user {} with mode 700", ::getuid()))
        .found(fmt::format("user {}, mode {:o}", status.st_uid, status.st_mode & 07777U))
        .next("remove it, or chmod 700");
  }
}

}  // namespace ecumene::engine::protocol
