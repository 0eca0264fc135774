// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <stop_token>

namespace ecumene::data::commands {

/// Memory that works on several threads share: each waits until there is room for it.
class MemoryRoom {
 public:
  explicit MemoryRoom(std::uint64_t bytes) : bytes_(bytes) {}

  /// Part of the room, given back at the end of its life.
  class Share {
   public:
    Share(MemoryRoom& room, std::uint64_t bytes) : room_(room), bytes_(bytes) {}
    ~Share();
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

   private:
    MemoryRoom& room_;
    std::uint64_t bytes_;
  };
  /// Waits for room; a work that wants more than all there is has it alone. Throws Error kCancelled at a stop.
  Share take(std::uint64_t bytes, const std::stop_token& stop);

 private:
  std::mutex mutex_;
  std::condition_variable_any freed_;
  std::uint64_t bytes_, taken_ = 0;
};

/// Bytes of memory that are to be had now without swapping, as the kernel judges.
std::uint64_t availableMemory();

/// Bytes that the import of a file of this size may take, in the child and here: an estimate from above, below the
/// child's limits. 0 of what is no file.
std::uint64_t memoryOfImport(const std::filesystem::path& file);

}  // namespace ecumene::data::commands
