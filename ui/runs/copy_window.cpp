// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/copy_window.h"

#include <fcntl.h>

#include <QRandomGenerator>
#include <cerrno>
#include <limits>

#include "data/base/error.h"

namespace ecumene::ui::runs {
namespace {

constexpr int kMost = std::numeric_limits<int>::max() - 1;

struct flock byteAt(std::int64_t number) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = number;
  lock.l_len = 1;
  return lock;
}

}  // namespace

FileDescriptor openLockFile(const std::filesystem::path& path) {
  std::error_code problem;
  std::filesystem::create_directories(path.parent_path(), problem);
  if (problem) throw systemError("cannot make a folder", path.parent_path().string(), problem.value());
  FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.valid()) throw systemError("cannot open a lock", path.string(), errno);
  return lock;
}

CopyWindow::CopyWindow(const std::filesystem::path& list)
    : path_(list.string() + ".windows"), lock_(openLockFile(path_)) {
  while (number_ == 0) {
    const std::int64_t number = 1 + QRandomGenerator::global()->bounded(kMost);
    struct flock lock = byteAt(number);
    if (::fcntl(lock_.get(), F_OFD_SETLK, &lock) == 0) {
      number_ = number;
    } else if (errno != EAGAIN && errno != EACCES && errno != EINTR) {
      throw systemError("cannot take a lock", path_, errno);
    }
  }
}

bool CopyWindow::isAnother(std::int64_t number) const {
  if (number <= 0 || number == number_) return false;
  struct flock lock = byteAt(number);
  if (::fcntl(lock_.get(), F_OFD_GETLK, &lock) != 0) throw systemError("cannot look at a lock", path_, errno);
  return lock.l_type != F_UNLCK;
}

}  // namespace ecumene::ui::runs
