// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/child_process.h"

namespace ecumene::test {

/// store_writer as a child process.
class WriterProcess : public ChildProcess {
 public:
  /// `inChild` runs between fork and exec.
  WriterProcess(
      const std::filesystem::path& store, std::size_t first, std::size_t count, unsigned threads,
      const std::function<void()>& inChild = [] {})
      : ChildProcess("ECUMENE_STORE_WRITER",
                     {store.string(), std::to_string(first), std::to_string(count), std::to_string(threads)}, inChild) {
  }

  /// Ids whose add had returned; after wait().
  [[nodiscard]] std::vector<std::string> acknowledged() const {
    std::vector<std::string> ids = lines();
    std::erase(ids, "open");
    return ids;
  }
};

}  // namespace ecumene::test
