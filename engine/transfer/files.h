// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include <sys/types.h>

#include "data/base/error.h"

namespace ecumene::engine::transfer {

/// A file of a copied folder.
struct File {
  std::string name;  ///< below the folder: "checkpoints/step-0000001234/run.toml"
  std::uint64_t bytes = 0;
  std::string sha256;  ///< 64 lower-case hexadecimal digits
  bool operator==(const File&) const = default;
};

/// Asked between pieces of work, with bytes; false ends it with an Error of kind kCancelled.
using Going = std::function<bool(std::uint64_t done, std::uint64_t total)>;

/// `work()`; where the file system refuses something, the Error names its path.
template <class Work>
auto withPathErrors(const Work& work) {
  try {
    return work();
  } catch (const std::filesystem::filesystem_error& error) {
    const auto& path = error.path2().empty() ? error.path1() : error.path2();
    throw systemError("cannot copy", path.string(), error.code().value());
  }
}

/// Names that come from another machine: parts joined by '/', none of them empty, hidden, "..", with a control
/// character or a backslash; UTF-8. Throws Error at any other.
void requireInnerName(const std::string& name);
/// Throws Error unless all are inner names and none is there twice.
void requireInnerNames(const std::vector<File>& files);

/// Bytes of the distinct contents.
std::uint64_t bytesOf(const std::vector<File>& files);

/// SHA-256 of the first `bytes` of a file, no link; `read(bytes)` is called behind each piece. Throws Error where the
/// file has fewer, or `read` throws.
std::string sha256Of(const std::filesystem::path& file, std::uint64_t bytes,
                     const std::function<void(std::uint64_t)>& read);

/// Hashes of what was looked at last, so that a mirror does not read a checkpoint again at each of its updates: by
/// device, inode, size and time of change. Any thread.
class HashCache {
 public:
  /// As the function of this name.
  std::string sha256Of(const std::filesystem::path& file, std::uint64_t bytes,
                       const std::function<void(std::uint64_t)>& read);

 private:
  using Key = std::tuple<dev_t, ino_t, std::uint64_t, std::int64_t, std::int64_t>;
  std::mutex mutex_;
  std::map<Key, std::string> known_;
};

/// Size of the blocks by which two versions of a file are told apart: journals change in few pages.
inline constexpr std::uint64_t kBlockBytes = 1 << 16;
/// SHA-256 of each block of the first `bytes` of a file, 32 bytes each. Throws Error where the file has fewer.
std::string blockHashes(const std::filesystem::path& file, std::uint64_t bytes);

/// A file that is read in pieces at any place; no link is followed. Throws Error.
class PieceReader {
 public:
  explicit PieceReader(const std::filesystem::path& file);
  ~PieceReader();
  PieceReader(const PieceReader&) = delete;
  PieceReader& operator=(const PieceReader&) = delete;
  /// All `bytes` from `offset`, or an Error: the file has fewer.
  std::string read(std::uint64_t offset, std::uint64_t bytes) const;
  [[nodiscard]] int descriptor() const { return fd_; }

 private:
  std::string path_;
  int fd_;
};

}  // namespace ecumene::engine::transfer
