// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/transfer/files.h"

namespace ecumene::engine::transfer {

/// The files of something as of one moment, to be copied from. A journal or catalogue is a copy that SQLite makes
/// (writers go on); the files of a run are pinned by hard links, so that a checkpoint that its trainer removes
/// meanwhile stays readable until this ends; where the file system has no links they are read where they are. What is
/// hidden, a lock, or not finished is no part of it. Throws Error at links and at names that cannot be copied.
class Snapshot {
 public:
  /// `staging` is a folder that this makes and removes; on the run's own file system, that links can be made.
  enum class Run { kWhole, kMirror };  ///< kMirror: of the checkpoints the newest and the best
  static Snapshot ofRun(const std::filesystem::path& run, Run extent, const std::filesystem::path& staging);
  /// `checkpoints`: the folder of a run's checkpoints. `part`: "step-0000001234", "newest" or "best".
  static Snapshot ofCheckpoint(const std::filesystem::path& checkpoints, const std::string& part,
                               const std::filesystem::path& staging);
  static Snapshot ofStore(const std::filesystem::path& store, const std::filesystem::path& staging);
  /// One file, the planet as data/planet/codec.h encodes it.
  static Snapshot ofPlanet(const std::filesystem::path& store, const std::string& id,
                           const std::filesystem::path& staging);

  ~Snapshot();
  Snapshot(Snapshot&& other) noexcept;
  Snapshot& operator=(Snapshot&&) = delete;

  /// Fills in the hashes. Throws Error, and of kind kCancelled where `going` says so.
  void hash(HashCache& cache, const Going& going);
  [[nodiscard]] const std::vector<File>& files() const { return files_; }
  /// Where the bytes of files()[i] are.
  [[nodiscard]] const std::filesystem::path& path(std::size_t i) const { return paths_[i]; }

 private:
  explicit Snapshot(std::filesystem::path staging);
  void add(const std::string& name, const std::filesystem::path& path);
  bool pin(const std::string& name, const std::filesystem::path& path);
  bool pinCheckpoint(const std::filesystem::path& folder, const std::string& name);
  void pinCheckpoints(const std::filesystem::path& checkpoints, Run extent);
  void copyDatabase(const std::string& name, const std::filesystem::path& file);

  std::filesystem::path staging_;
  std::vector<File> files_;
  std::vector<std::filesystem::path> paths_;
};

/// "step-0000001234", as engine/checkpoint names whole ones.
bool isCheckpointName(const std::string& name);

/// The file that a planet is copied as.
inline constexpr const char* kPlanetFile = "planet";

}  // namespace ecumene::engine::transfer
