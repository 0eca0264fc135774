// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/protocol/client.h"
#include "engine/run/owner_lock.h"
#include "engine/transfer/files.h"
#include "engine/transfer/uploads.h"

namespace ecumene::engine::transfer {

/// A copy on its way to a target on this machine. What has come is kept in a hidden folder beside the target, by its
/// hash, so that after a cut it goes on where it was.
class Fetch {
 public:
  /// Asks for the files. Throws Error where another process copies to this target.
  Fetch(protocol::Client& client, const wire::CopyWhat& what, const std::filesystem::path& target, const Going& going);
  /// Tells the daemon that no more is needed, once everything is placed.
  void done();
  /// What was begun is not gone on with: the next copy to this target is one of then. What has come stays, by its hash.
  void giveUp();

  [[nodiscard]] const std::vector<File>& files() const { return files_; }
  [[nodiscard]] const Uploads& content() const { return *uploads_; }
  [[nodiscard]] std::uint64_t moved() const { return moved_; }
  /// Folder for what is kept beside the target.
  [[nodiscard]] const std::filesystem::path& folder() const { return incoming_; }

  /// A version of a file that is here already, from which its unchanged blocks are taken.
  struct Basis {
    std::size_t file;
    std::filesystem::path path;
  };
  /// Brings these files (indices) here, once the disk's room is asked for. Throws Error.
  void bring(const std::vector<std::size_t>& files, const std::vector<Basis>& bases = {});

 private:
  void begin(const wire::CopyWhat& what);
  void bringWanted(const std::vector<std::size_t>& files, const std::vector<Basis>& bases);
  void bringFile(std::size_t i, const std::filesystem::path& basis);
  void bringPieces(std::size_t i, Uploads::Sending& sending, std::uint64_t offset, std::uint64_t end);
  void bringChanged(std::size_t i, Uploads::Sending& sending, std::uint64_t offset, const std::filesystem::path& basis);
  void step(std::uint64_t bytes);

  protocol::Client& client_;
  const std::filesystem::path incoming_;
  const Going& going_;
  std::optional<run::OwnerLock> lock_;
  std::optional<Uploads> uploads_;
  std::string copy_;
  std::vector<File> files_;
  std::uint64_t here_ = 0, total_ = 0, moved_ = 0;
};

}  // namespace ecumene::engine::transfer
