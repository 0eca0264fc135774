// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/transfer/uploads.h"

namespace ecumene::engine::daemon {

/// A file of an import: what was uploaded, and the path that it has for the user.
struct ImportFile {
  std::string upload, path;
  bool beside = false;  ///< only read with others
};

/// Uploads as the tree that their paths make, in a fresh folder of its own, which goes with the object.
class ImportTree {
 public:
  /// The files are links to the uploads, copies where the file system has no links. Throws Error where a path is none
  /// (protocol::requireImportPath), two are one, one is the folder of another, an upload is not whole, or the disk is
  /// full.
  ImportTree(const std::vector<ImportFile>& files, const transfer::Uploads& uploads,
             const std::filesystem::path& scratch);
  ~ImportTree();
  ImportTree(const ImportTree&) = delete;
  ImportTree& operator=(const ImportTree&) = delete;
  /// Stays there, whatever becomes of the object. What is there already is replaced.
  void moveTo(const std::filesystem::path& folder);

  /// Removes trees that a process which is gone has not moved away.
  static void removeLeftOver(const std::filesystem::path& scratch);

 private:
  std::filesystem::path folder_;
};

}  // namespace ecumene::engine::daemon
