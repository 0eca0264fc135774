// SPDX-License-Identifier: Apache-2.0
#include "data/store/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <thread>

#include "data/base/error.h"

namespace ecumene::data::store {
namespace {

constexpr std::chrono::milliseconds kPause{20};

std::string ownerOf(int fd) {
  std::array<char, 32> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  return got > 0 ? "process " + std::string(text.data(), static_cast<std::size_t>(got)) : "another process";
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, std::chrono::milliseconds wait) {
  const std::string path = (folder / "lock").string();
  file_ = FileDescriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!file_.valid()) throw systemError("cannot open the store for writing", path, errno);
  const auto deadline = std::chrono::steady_clock::now() + wait;
  while (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) throw systemError("cannot lock the store", path, errno);
    if (std::chrono::steady_clock::now() >= deadline) {
      throw Error("the store is being written by " + ownerOf(file_.get()), ErrorKind::kEnvironment)
          .on(folder.string())
          .next("wait until it has finished, then repeat the command; reading is possible meanwhile");
    }
    std::this_thread::sleep_for(kPause);
  }
  // The number only serves messages, so a full disk may keep it from being written.
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(file_.get(), 0) == 0 && ::pwrite(file_.get(), pid.data(), pid.size(), 0) < 0) {
    [[maybe_unused]] const int ignored = ::ftruncate(file_.get(), 0);
  }
}

}  // namespace ecumene::data::store
