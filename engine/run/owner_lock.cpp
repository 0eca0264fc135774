// SPDX-License-Identifier: Apache-2.0
#include "engine/run/owner_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>

#include "data/base/error.h"

namespace ecumene::engine::run {
namespace {

/// The whole file, for one writer. An open-file-description lock: unlike a process's record lock it is not lost when
/// another descriptor of the file is closed, and unlike an flock it can be asked about.
struct flock wholeFile() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

std::int64_t writtenOwner(int fd) {
  std::array<char, 32> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size() - 1, 0);
  return got > 0 ? std::strtoll(text.data(), nullptr, 10) : 0;
}

}  // namespace

OwnerLock::OwnerLock(const std::filesystem::path& run) {
  const std::string path = (run / "lock").string();
  file_ = FileDescriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!file_.valid()) throw systemError("cannot open the run for writing", path, errno);
  struct flock lock = wholeFile();
  if (::fcntl(file_.get(), F_OFD_SETLK, &lock) != 0) {
    if (errno != EAGAIN && errno != EACCES) throw systemError("cannot lock the run", path, errno);
    const std::int64_t owner = writtenOwner(file_.get());
    throw Error("the run is in the hands of " + (owner > 0 ? "process " + std::to_string(owner) : "another process"))
        .on(run.string())
        .next("wait until it has ended, or ask it to stop");
  }
  // The number only serves messages, so a full disk may keep it from being written.
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(file_.get(), 0) == 0 && ::pwrite(file_.get(), pid.data(), pid.size(), 0) < 0) {
    [[maybe_unused]] const int ignored = ::ftruncate(file_.get(), 0);
  }
}

std::optional<std::int64_t> OwnerLock::owner(const std::filesystem::path& run) {
  const std::string path = (run / "lock").string();
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.valid()) {
    if (errno == ENOENT) return std::nullopt;
    throw systemError("cannot look who has the run", path, errno);
  }
  struct flock lock = wholeFile();
  if (::fcntl(file.get(), F_OFD_GETLK, &lock) != 0) throw systemError("cannot look who has the run", path, errno);
  if (lock.l_type == F_UNLCK) return std::nullopt;
  return writtenOwner(file.get());
}

}  // namespace ecumene::engine::run
