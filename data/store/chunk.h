// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ecumene::data::store {

/// Bytes of one HDF5 chunk as the filters shuffle + deflate leave them: byte planes of `elementSize`-byte numbers, then
/// one zlib stream. CRC-32 of the stored bytes.
struct StoredChunk {
  std::vector<std::byte> bytes;
  std::uint32_t crc32 = 0;
};
StoredChunk compressChunk(std::span<const std::byte> raw, std::size_t elementSize);

std::uint32_t crc32(std::span<const std::byte> bytes);

/// Work space of one reading thread.
class Inflater {
 public:
  Inflater();
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;

  /// The byte planes inside a stored chunk (not yet put together), `planeBytes` of them; valid until the next call.
  /// Throws Error if the stream is damaged or of another length.
  std::span<const std::byte> planes(std::span<const std::byte> stored, std::size_t planeBytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Undoes shuffle: planes -> numbers of elementSize bytes.
void unshuffle(std::span<const std::byte> planes, std::size_t elementSize, std::span<std::byte> raw);

}  // namespace ecumene::data::store
