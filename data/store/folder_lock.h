// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>

#include "data/base/files.h"

namespace ecumene::data::store {

/// The right to write one store: an flock of `<folder>/lock`, released by the kernel when its owner ends however it
/// ends. Waits up to `wait` for another owner, then throws Error naming that process.
class FolderLock {
 public:
  FolderLock(const std::filesystem::path& folder, std::chrono::milliseconds wait);

 private:
  FileDescriptor file_;
};

}  // namespace ecumene::data::store
