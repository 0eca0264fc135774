// SPDX-License-Identifier: Apache-2.0
#include "engine/transfer/uploads.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/protocol/upload.h"
#include "engine/transfer/files.h"

namespace ecumene::engine::transfer {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestUploadName = 200;
constexpr std::uint64_t kRoomLeft = std::uint64_t{256} << 20U;  ///< that an upload leaves on the disk
constexpr std::chrono::hours kBetweenLooks{1};
constexpr const char* kPart = ".part";
constexpr const char* kAbout = ".about.json";

void requireName(const std::string& name) {
  const bool valid = !name.empty() && name.size() <= kLongestUploadName && name.front() != '.' && name.front() != '-' &&
                     std::none_of(name.begin(), name.end(), [](char c) {
                       return c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
                     });
  if (valid) return;
  throw Error("this is no name of a file", ErrorKind::kUsage)
      .on(name.substr(0, 64))
      .expected("1 to 200 bytes without / and control characters, not beginning with . or -");
}

struct About {
  std::string name;
  std::uint64_t bytes = 0;
};
About aboutOf(const fs::path& folder, const std::string& id) {
  std::error_code ignored;
  if (!fs::exists(folder / kAbout, ignored)) throw Error(protocol::kNoUpload).on(id.substr(0, 64));
  const auto json = nlohmann::json::parse(readFile(folder / kAbout, 1 << 16));
  return {json.at("name"), json.at("bytes")};
}

void writeAbout(const fs::path& folder, const About& about) {
  writeFileAtomically(folder / kAbout, nlohmann::json{{"name", about.name}, {"bytes", about.bytes}}.dump(
                                           -1, ' ', true, nlohmann::json::error_handler_t::replace));
}

std::uint64_t sizeOf(const fs::path& file) {
  std::error_code problem;
  const auto size = fs::file_size(file, problem);
  return problem ? 0 : size;
}

/// One content under one more name.
void addName(const fs::path& file, const fs::path& name) {
  std::error_code problem;
  if (fs::exists(name, problem)) return;
  fs::create_hard_link(file, name, problem);
  if (!problem) return;
  Uploads::requireRoom(name.parent_path(), sizeOf(file), name.filename().string());
  writeFileAtomically(name, [&](const fs::path& copy) { withPathErrors([&] { fs::copy_file(file, copy); }); });
}

/// Of a folder or what is in it, whichever is the last.
fs::file_time_type lastChange(const fs::path& folder) {
  std::error_code problem;
  fs::file_time_type last = fs::last_write_time(folder, problem);
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem)) {
    std::error_code ignored;
    last = std::max(last, fs::last_write_time(entry->path(), ignored));
  }
  return last;
}

}  // namespace

Uploads::Uploads(fs::path folder, std::optional<std::chrono::hours> kept) : folder_(std::move(folder)), kept_(kept) {
  fs::create_directories(folder_);
}

void Uploads::removeAbandoned() {
  const std::lock_guard lock(mutex_);
  lookForAbandoned();
}

void Uploads::lookForAbandoned() {
  if (!kept_) return;
  looked_ = std::chrono::steady_clock::now();
  std::error_code problem;
  std::vector<fs::path> abandoned;
  for (fs::directory_iterator entry(folder_, problem), end; !problem && entry != end; entry.increment(problem)) {
    const fs::path folder = entry->path();
    const std::string id = folder.filename().string();
    if (sending_.contains(id) || held_.contains(id)) continue;
    if (fs::file_time_type::clock::now() - lastChange(folder) > *kept_) abandoned.push_back(folder);
  }
  for (const fs::path& folder : abandoned) fs::remove_all(folder, problem);
}

fs::path Uploads::folderOf(const std::string& id) const {
  const bool valid = id.size() == 64 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!valid) throw Error("this is no upload", ErrorKind::kUsage).on(id.substr(0, 64)).expected("a SHA-256");
  return folder_ / id;
}

Uploads::Progress Uploads::begin(const std::string& name, std::uint64_t bytes, const std::string& sha256) {
  requireName(name);
  const fs::path folder = folderOf(sha256);
  const std::lock_guard lock(mutex_);
  if (std::chrono::steady_clock::now() - looked_ > kBetweenLooks) lookForAbandoned();
  if (sending_.contains(sha256)) throw Error(protocol::kSentByAnother).on(name);
  std::error_code ignored;
  if (fs::exists(folder / kAbout, ignored)) {
    const About about = aboutOf(folder, sha256);
    const bool isWhole = fs::exists(folder / about.name, ignored);
    if (about.bytes == bytes) {
      if (isWhole) addName(folder / about.name, folder / name);
      if (about.name != name) writeAbout(folder, {name, bytes});
      return {sha256, isWhole ? bytes : sizeOf(folder / kPart)};
    }
    if (isWhole || held_.contains(sha256)) {
      throw Error("the content with this hash has another size", ErrorKind::kUsage)
          .on(name)
          .expected(std::to_string(about.bytes) + " bytes")
          .found(std::to_string(bytes));
    }
    fs::remove_all(folder);
  }
  requireRoom(folder_, bytes, name);
  fs::create_directories(folder);
  writeAbout(folder, {name, bytes});
  return {sha256, 0};
}

void Uploads::requireRoom(const fs::path& folder, std::uint64_t bytes, const std::string& what) {
  const std::uint64_t room = fs::space(folder).available;
  if (bytes <= room && room - bytes >= kRoomLeft) return;
  throw Error("the disk has no room for it", ErrorKind::kEnvironment)
      .on(what)
      .expected(std::to_string(bytes + kRoomLeft) + " bytes free")
      .found(std::to_string(room))
      .next("free some space in " + folder.string());
}

Uploads::Sending::Sending(Uploads& uploads, const std::string& id) : uploads_(uploads), id_(id) {
  (void)aboutOf(uploads_.folderOf(id), id);
  const std::lock_guard lock(uploads_.mutex_);
  if (!uploads_.sending_.insert(id).second) throw Error(protocol::kSentByAnother).on(id);
}

Uploads::Sending::~Sending() {
  const std::lock_guard lock(uploads_.mutex_);
  uploads_.sending_.erase(id_);
}

void Uploads::Sending::append(std::uint64_t offset, std::string_view data) {
  const fs::path folder = uploads_.folderOf(id_);
  const About about = aboutOf(folder, id_);
  std::error_code ignored;
  const std::uint64_t here = fs::exists(folder / about.name, ignored) ? about.bytes : sizeOf(folder / kPart);
  if (offset != here || data.size() > about.bytes - here) {
    throw Error(protocol::kDoesNotFit, ErrorKind::kUsage)
        .on(about.name)
        .expected("bytes from " + std::to_string(here) + ", " + std::to_string(about.bytes) + " in all")
        .found(std::to_string(data.size()) + " bytes from " + std::to_string(offset));
  }
  if (data.empty()) return;
  const std::string path = (folder / kPart).string();
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid()) throw systemError("cannot keep the file", path, errno);
  writeAll(file.get(), std::as_bytes(std::span(data.data(), data.size())), path);
}

Uploads::Progress Uploads::Sending::end(const std::function<bool()>& goesOn) {
  const fs::path folder = uploads_.folderOf(id_);
  const About about = aboutOf(folder, id_);
  const fs::path part = folder / kPart;
  std::error_code ignored;
  if (fs::exists(folder / about.name, ignored)) return {id_, about.bytes};
  if (about.bytes > 0 && sizeOf(part) < about.bytes) return {id_, sizeOf(part)};
  if (about.bytes == 0) writeFileAtomically(part, std::string_view());
  const std::string found = sha256Of(part, about.bytes, [&](std::uint64_t) {
    if (goesOn()) return;
    throw Error("the file was not read to its end", ErrorKind::kEnvironment).on(about.name).next("send it again");
  });
  if (found != id_) {
    fs::remove_all(folder);
    throw Error("the file arrived damaged")
        .on(about.name)
        .expected("SHA-256 " + id_)
        .found(found)
        .next("send it again");
  }
  syncToDisk(part);
  fs::rename(part, folder / about.name);
  syncToDisk(folder);
  return {id_, about.bytes};
}

std::uint64_t Uploads::here(const std::string& id) const {
  const fs::path folder = folderOf(id);
  std::error_code ignored;
  if (!fs::exists(folder / kAbout, ignored)) return 0;
  const About about = aboutOf(folder, id);
  return fs::exists(folder / about.name, ignored) ? about.bytes : sizeOf(folder / kPart);
}

fs::path Uploads::whole(const std::string& id) const {
  const fs::path folder = folderOf(id);
  const About about = aboutOf(folder, id);
  std::error_code ignored;
  if (!fs::exists(folder / about.name, ignored)) {
    throw Error(protocol::kNotWhole)
        .on(about.name)
        .expected(std::to_string(about.bytes) + " bytes")
        .found(std::to_string(sizeOf(folder / kPart)));
  }
  return folder / about.name;
}

void Uploads::remove(const std::string& id) {
  const fs::path folder = folderOf(id);
  const std::lock_guard lock(mutex_);
  if (!held_.contains(id) && !sending_.contains(id)) fs::remove_all(folder);
}

void Uploads::hold(const std::string& id) {
  const std::lock_guard lock(mutex_);
  held_.insert(id);
}

void Uploads::letGo(const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (const auto one = held_.find(id); one != held_.end()) held_.erase(one);
}

void Uploads::release(const std::string& id) {
  letGo(id);
  remove(id);
}

}  // namespace ecumene::engine::transfer
