// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "data/store/store.h"

namespace ecumene::engine::daemon {

using OpenedStore = std::shared_ptr<const data::store::Store>;

/// The stores of planets that the daemon knows, by id; they are only read here. Any thread.
class Stores {
 public:
  explicit Stores(std::map<std::string, std::filesystem::path> folders) : folders_(std::move(folders)) {}

  [[nodiscard]] const std::map<std::string, std::filesystem::path>& folders() const { return folders_; }
  /// Throws Error (kUsage) naming those that there are.
  [[nodiscard]] const std::filesystem::path& folderOf(const std::string& id) const;
  /// For reading. Throws Error where there is no store yet.
  OpenedStore open(const std::string& id);

 private:
  struct Kept {
    dev_t device;  ///< of the catalogue, with its inode: the folder may hold another store by now
    ino_t inode;
    OpenedStore store;
  };

  const std::map<std::string, std::filesystem::path> folders_;
  std::mutex mutex_;
  std::map<std::string, Kept> kept_;
};

}  // namespace ecumene::engine::daemon
