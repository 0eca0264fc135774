// SPDX-License-Identifier: Apache-2.0
#include "data/store/chunk.h"

#include <libdeflate.h>

#include <cstring>

#include "data/base/error.h"

namespace ecumene::data::store {
namespace {

// Higher levels take twice the time for 1 % of the size on climate fields.
constexpr int kLevel = 6;

struct FreeCompressor {
  void operator()(libdeflate_compressor* c) const { libdeflate_free_compressor(c); }
};
struct FreeDecompressor {
  void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
};

std::vector<std::byte> shuffle(std::span<const std::byte> raw, std::size_t elementSize) {
  std::vector<std::byte> planes(raw.size());
  const std::size_t count = raw.size() / elementSize;
  for (std::size_t b = 0; b < elementSize; ++b) {
    std::byte* plane = planes.data() + b * count;
    for (std::size_t i = 0; i < count; ++i) plane[i] = raw[i * elementSize + b];
  }
  return planes;
}

}  // namespace

std::uint32_t crc32(std::span<const std::byte> bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

StoredChunk compressChunk(std::span<const std::byte> raw, std::size_t elementSize) {
  const std::vector<std::byte> planes = shuffle(raw, elementSize);
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(libdeflate_alloc_compressor(kLevel));
  if (!compressor) throw internalError("no memory for the compressor");
  StoredChunk chunk;
  chunk.bytes.resize(libdeflate_zlib_compress_bound(compressor.get(), planes.size()));
  const std::size_t size =
      libdeflate_zlib_compress(compressor.get(), planes.data(), planes.size(), chunk.bytes.data(), chunk.bytes.size());
  if (size == 0) throw internalError("the compressor failed");
  chunk.bytes.resize(size);
  chunk.crc32 = crc32(chunk.bytes);
  return chunk;
}

struct Inflater::State {
  std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor{libdeflate_alloc_decompressor()};
  std::vector<std::byte> planes;
};

Inflater::Inflater() : state_(std::make_unique<State>()) {
  if (!state_->decompressor) throw internalError("no memory for the decompressor");
}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

std::span<const std::byte> Inflater::planes(std::span<const std::byte> stored, std::size_t planeBytes) {
  if (state_->planes.size() < planeBytes) state_->planes.resize(planeBytes);
  // Without a place for the actual size libdeflate wants exactly this many bytes; it checks the stream's Adler-32 too.
  const libdeflate_result result = libdeflate_zlib_decompress(state_->decompressor.get(), stored.data(), stored.size(),
                                                              state_->planes.data(), planeBytes, nullptr);
  if (result != LIBDEFLATE_SUCCESS) throw Error("the compressed data are damaged");
  return std::span(state_->planes).first(planeBytes);
}

void unshuffle(std::span<const std::byte> planes, std::size_t elementSize, std::span<std::byte> raw) {
  if (elementSize == 1) {
    std::memcpy(raw.data(), planes.data(), planes.size());
    return;
  }
  const std::size_t count = raw.size() / elementSize;
  for (std::size_t b = 0; b < elementSize; ++b) {
    const std::byte* plane = planes.data() + b * count;
    for (std::size_t i = 0; i < count; ++i) raw[i * elementSize + b] = plane[i];
  }
}

}  // namespace ecumene::data::store
