// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace ecumene::engine::transfer {

/// Files that clients send, under the hash of their content, which is an upload's id. What was cut goes on from where
/// it was. Any thread; one client at a time sends to an upload.
class Uploads {
 public:
  /// With `kept`, what nothing was added to for so long is removed about once an hour, as uploads begin.
  explicit Uploads(std::filesystem::path folder, std::optional<std::chrono::hours> kept = {});

  struct Progress {
    std::string id;
    std::uint64_t bytes = 0;  ///< that are here; all of them: the file is whole and its hash is right
  };
  /// `name`: of a file, without folders; content that is whole already gets it beside the names it has. Throws Error
  /// where name or hash is none, another client sends the content, it is here with another size, or the disk has no
  /// room.
  Progress begin(const std::string& name, std::uint64_t bytes, const std::string& sha256);

  /// The right to send to an upload, while it lives. Throws Error where another client has it.
  class Sending {
   public:
    Sending(Uploads& uploads, const std::string& id);
    ~Sending();
    Sending(const Sending&) = delete;
    Sending& operator=(const Sending&) = delete;
    /// Throws Error where `offset` is not the bytes that are here, or they are more than were said.
    void append(std::uint64_t offset, std::string_view data);
    /// Once all bytes are here, checks them for as long as `goesOn()`, else throws Error, and what came stays. Content
    /// with another hash is removed, and an Error.
    Progress end(const std::function<bool()>& goesOn);

   private:
    Uploads& uploads_;
    std::string id_;
  };

  /// Throws Error where the disk of `folder` has no room for so many bytes more. `what` is named.
  static void requireRoom(const std::filesystem::path& folder, std::uint64_t bytes, const std::string& what);

  /// Bytes of an upload that are here; 0 where it was not begun.
  [[nodiscard]] std::uint64_t here(const std::string& id) const;
  /// File of an upload that is whole. Throws Error where it is not.
  [[nodiscard]] std::filesystem::path whole(const std::string& id) const;
  /// Unless somebody holds it, or sends to it.
  void remove(const std::string& id);
  /// Until as many calls of release(), which removes what nobody else holds, or letGo(), which leaves it.
  void hold(const std::string& id);
  void release(const std::string& id);
  void letGo(const std::string& id);
  /// What `kept` says, now. What is held or being sent stays: those who need old uploads hold them first.
  void removeAbandoned();

 private:
  [[nodiscard]] std::filesystem::path folderOf(const std::string& id) const;
  void lookForAbandoned();

  std::filesystem::path folder_;
  std::optional<std::chrono::hours> kept_;
  std::chrono::steady_clock::time_point looked_;  ///< for what is abandoned
  std::mutex mutex_;
  std::set<std::string> sending_;
  std::multiset<std::string> held_;
};

}  // namespace ecumene::engine::transfer
