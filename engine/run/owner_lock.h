// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "data/base/files.h"

namespace ecumene::engine::run {

/// The right to train one run: a lock on `<run>/lock`, which the kernel releases however its owner ends. Looking who
/// has it does not take it, so that a look never keeps an owner out.
class OwnerLock {
 public:
  /// Takes it at once, or throws Error naming the process that has it.
  explicit OwnerLock(const std::filesystem::path& run);

  /// Process that has it; none if it is free; 0 if the owner's number is not readable.
  static std::optional<std::int64_t> owner(const std::filesystem::path& run);

 private:
  FileDescriptor file_;
};

}  // namespace ecumene::engine::run
