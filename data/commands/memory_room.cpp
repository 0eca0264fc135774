// SPDX-License-Identifier: Apache-2.0
#include "data/commands/memory_room.h"

#include <algorithm>
#include <system_error>

#include "data/base/error.h"
#include "data/base/kernel_file.h"
#include "data/commands/terminal.h"
#include "data/formats/child/import_child.h"

namespace ecumene::data::commands {

MemoryRoom::Share::~Share() {
  {
    const std::lock_guard lock(room_.mutex_);
    room_.taken_ -= bytes_;
  }
  room_.freed_.notify_all();
}

MemoryRoom::Share MemoryRoom::take(std::uint64_t bytes, const std::stop_token& stop) {
  const std::uint64_t wanted = std::min(bytes, bytes_);
  std::unique_lock lock(mutex_);
  if (!freed_.wait(lock, stop, [&] { return taken_ + wanted <= bytes_; })) throw cancelledError();
  taken_ += wanted;
  return {*this, wanted};
}

std::uint64_t availableMemory() {
  const auto bytes = kernelBytes("/proc/meminfo", "MemAvailable");
  if (!bytes) {
    throw Error("the kernel does not say how much memory there is", ErrorKind::kEnvironment).on("/proc/meminfo");
  }
  return static_cast<std::uint64_t>(*bytes);
}

std::uint64_t memoryOfImport(const std::filesystem::path& file) {
  std::error_code none;
  const std::uint64_t size = std::filesystem::file_size(file, none);
  if (none) return 0;
  const formats::ImportLimits limits;
  constexpr std::uint64_t kLeast = std::uint64_t{96} << 20U;
  constexpr std::uint64_t kPerByte = 24;  // text of numbers as double, in the child, on the way, and here
  const std::uint64_t most = limits.memoryBytes + 2 * limits.resultBytes;
  return size > most / kPerByte ? most : std::min(most, kLeast + kPerByte * size);
}

}  // namespace ecumene::data::commands
