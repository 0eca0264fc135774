// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/run/run_directory.h"

namespace ecumene::engine::daemon {

using OpenedRun = std::shared_ptr<const run::RunDirectory>;

/// The runs below one folder, by id, which is a run's folder's name. Whatever somebody makes, copies or removes there
/// is seen at the next look. Any thread.
class Registry {
 public:
  /// Runs that are kept open for reading, the last used ones.
  static constexpr std::size_t kMostOpen = 64;

  /// Makes the folder where it is absent.
  explicit Registry(std::filesystem::path folder);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// Of a run that may be or not. Throws Error where the id is none.
  [[nodiscard]] std::filesystem::path pathOf(const std::string& id) const;
  /// In the order of the alphabet.
  [[nodiscard]] std::vector<std::string> ids() const;
  /// For reading. Throws Error where there is no such run, or it cannot be read.
  OpenedRun open(const std::string& id);

 private:
  struct Kept {
    std::string id;
    dev_t device;  ///< of the journal, with its inode: another run may have taken the id
    ino_t inode;
    OpenedRun run;
  };

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::list<Kept> kept_;  ///< the last used first
};

}  // namespace ecumene::engine::daemon
