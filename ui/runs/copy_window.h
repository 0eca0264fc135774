// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "data/base/files.h"

namespace ecumene::ui::runs {

/// A file of which locks are taken, made with its folder where it is not there. Throws Error.
FileDescriptor openLockFile(const std::filesystem::path& path);

/// A window among those that share a list of copies, for as long as it lives and however it ends: the kernel gives up
/// its lock on one byte of a file beside the list.
class CopyWindow {
 public:
  /// Makes the list's folder. Throws Error.
  explicit CopyWindow(const std::filesystem::path& list);
  [[nodiscard]] std::int64_t number() const { return number_; }
  /// Another window has this number. Throws Error.
  [[nodiscard]] bool isAnother(std::int64_t number) const;

 private:
  std::string path_;
  FileDescriptor lock_;
  std::int64_t number_ = 0;  ///< the byte's place
};

}  // namespace ecumene::ui::runs
