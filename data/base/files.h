// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecumene {

/// An owned file descriptor, closed at the end of its life.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  int release();
  void close();

 private:
  int fd_ = -1;
};

/// Whole file as text. Throws Error if it cannot be read or holds more than `maxBytes`.
std::string readFile(const std::filesystem::path& path, std::size_t maxBytes = std::size_t{1} << 32U);

/// Puts a file in place whole or not at all: `write` fills `<path>.incomplete`; then fsync, rename, fsync of the
/// folder. On any exception the incomplete file is removed and nothing is changed.
void writeFileAtomically(const std::filesystem::path& path,
                         const std::function<void(const std::filesystem::path&)>& write);
void writeFileAtomically(const std::filesystem::path& path, std::string_view content);

/// fsync of a file or a folder by path.
void syncToDisk(const std::filesystem::path& path);

/// Writes all bytes to a descriptor, through interruptions and short writes. Throws Error naming `object`.
void writeAll(int fd, std::span<const std::byte> bytes, const std::string& object);

}  // namespace ecumene
