// SPDX-License-Identifier: Apache-2.0
#include "data/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "data/base/error.h"

namespace ecumene {

FileDescriptor::~FileDescriptor() {
  close();
}

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = other.release();
  }
  return *this;
}

int FileDescriptor::release() {
  return std::exchange(fd_, -1);
}

void FileDescriptor::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

std::string readFile(const std::filesystem::path& path, std::size_t maxBytes) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) throw systemError("cannot open the file", path.string(), errno);
  std::string content;
  constexpr std::size_t kPiece = std::size_t{1} << 20U;
  std::size_t size = 0;
  while (true) {
    content.resize(size + kPiece);
    const ssize_t got = ::read(file.get(), content.data() + size, kPiece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw systemError("cannot read the file", path.string(), errno);
    size += static_cast<std::size_t>(got);
    if (size > maxBytes) {
      throw Error("the file is too large").on(path.string()).expected("at most " + std::to_string(maxBytes) + " bytes");
    }
    if (got == 0) break;
  }
  content.resize(size);
  return content;
}

void syncToDisk(const std::filesystem::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) throw systemError("cannot open for fsync", path.string(), errno);
  if (::fsync(file.get()) != 0) throw systemError("cannot write to disk", path.string(), errno);
}

void writeFileAtomically(const std::filesystem::path& path,
                         const std::function<void(const std::filesystem::path&)>& write) {
  std::filesystem::path incomplete = path;
  incomplete += ".incomplete";
  try {
    write(incomplete);
    syncToDisk(incomplete);
    if (::rename(incomplete.c_str(), path.c_str()) != 0) {
      throw systemError("cannot put the file in place", path.string(), errno);
    }
  } catch (...) {
    std::error_code ignored;  // The first failure is the one to report.
    std::filesystem::remove(incomplete, ignored);
    throw;
  }
  syncToDisk(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
}

void writeFileAtomically(const std::filesystem::path& path, std::string_view content) {
  writeFileAtomically(path, [&](const std::filesystem::path& incomplete) {
    FileDescriptor file(::open(incomplete.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!file.valid()) throw systemError("cannot create the file", incomplete.string(), errno);
    writeAll(file.get(), std::as_bytes(std::span(content.data(), content.size())), incomplete.string());
  });
}

void writeAll(int fd, std::span<const std::byte> bytes, const std::string& object) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) throw systemError("cannot write", object, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
}

}  // namespace ecumene
