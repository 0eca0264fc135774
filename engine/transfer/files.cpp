// SPDX-License-Identifier: Apache-2.0
#include "engine/transfer/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "engine/protocol/errors.h"
#include "engine/protocol/version.h"

namespace ecumene::engine::transfer {
namespace {

constexpr std::size_t kLongestName = 1024, kLongestPart = 200;
constexpr std::size_t kMostKnown = 100000;  ///< hashes of about 150 bytes

bool isPart(const std::string& part) {
  return !part.empty() && part.size() <= kLongestPart && part.front() != '.' &&
         std::none_of(part.begin(), part.end(),
                      [](char c) { return c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool isInnerName(const std::string& name) {
  if (name.size() > kLongestName || protocol::utf8(name) != name) return false;
  for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
    end = name.find('/', begin);
    if (!isPart(name.substr(begin, end == std::string::npos ? end : end - begin))) return false;
  }
  return true;
}

char digit(char hex) {
  return static_cast<char>(hex <= '9' ? hex - '0' : hex - 'a' + 10);
}

}  // namespace

void requireInnerName(const std::string& name) {
  if (isInnerName(name)) return;
  throw Error("a file of this name is not copied")
      .on(protocol::utf8(name.substr(0, 64)))
      .expected("names without control characters and .., none beginning with a dot")
      .next("rename the file, or move it out of the folder");
}

void requireInnerNames(const std::vector<File>& files) {
  std::set<std::string> names;
  for (const File& file : files) {
    requireInnerName(file.name);
    if (!names.insert(file.name).second) throw Error("two files of a copy have one name").on(file.name);
  }
}

std::uint64_t bytesOf(const std::vector<File>& files) {
  std::set<std::string> counted;
  std::uint64_t bytes = 0;
  for (const File& file : files) bytes += counted.insert(file.sha256).second ? file.bytes : 0;
  return bytes;
}

PieceReader::PieceReader(const std::filesystem::path& file)
    : path_(file.string()), fd_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {
  if (fd_ < 0) throw systemError("cannot read a file that is to be copied", path_, errno);
  struct stat status {};
  if (::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode)) return;
  ::close(fd_);
  throw Error("this is no file that can be copied").on(path_).expected("a regular file");
}

PieceReader::~PieceReader() {
  ::close(fd_);
}

std::string PieceReader::read(std::uint64_t offset, std::uint64_t bytes) const {
  std::string piece(bytes, '\0');
  for (std::uint64_t got = 0; got < bytes;) {
    const ssize_t more = ::pread(fd_, piece.data() + got, bytes - got, static_cast<off_t>(offset + got));
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) throw systemError("cannot read a file that is to be copied", path_, errno);
    if (more == 0) {
      throw Error("the file has become shorter while it was copied").on(path_).next("begin the copy again");
    }
    got += static_cast<std::uint64_t>(more);
  }
  return piece;
}

namespace {

std::string hashOf(const PieceReader& file, std::uint64_t bytes, const std::function<void(std::uint64_t)>& read) {
  Sha256 hash;
  for (std::uint64_t offset = 0; offset < bytes;) {
    const std::string piece = file.read(offset, std::min<std::uint64_t>(protocol::kChunkBytes, bytes - offset));
    hash.update(piece);
    offset += piece.size();
    read(piece.size());
  }
  return hash.hex();
}

}  // namespace

std::string sha256Of(const std::filesystem::path& path, std::uint64_t bytes,
                     const std::function<void(std::uint64_t)>& read) {
  return hashOf(PieceReader(path), bytes, read);
}

std::string HashCache::sha256Of(const std::filesystem::path& path, std::uint64_t bytes,
                                const std::function<void(std::uint64_t)>& read) {
  const PieceReader file(path);
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0) throw systemError("cannot look at a file", path.string(), errno);
  const Key key{status.st_dev, status.st_ino, bytes, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.find(key); known != known_.end()) {
      read(bytes);
      return known->second;
    }
  }
  std::string hex = hashOf(file, bytes, read);
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMostKnown) known_.clear();
  known_.emplace(key, hex);
  return hex;
}

std::string blockHashes(const std::filesystem::path& path, std::uint64_t bytes) {
  const PieceReader file(path);
  std::string hashes;
  for (std::uint64_t offset = 0; offset < bytes; offset += kBlockBytes) {
    const std::string hex = sha256(file.read(offset, std::min(kBlockBytes, bytes - offset)));
    for (std::size_t i = 0; i < hex.size(); i += 2) {
      hashes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
    }
  }
  return hashes;
}

}  // namespace ecumene::engine::transfer
