// SPDX-License-Identifier: Apache-2.0
#include "data/store/chunk.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstring>

#include "data/base/error.h"

namespace ecumene::data::store {
namespace {

// Higher levels take twice the time for 1 % of the size on climate fields.
constexpr int kLevel = 6;

// Low bytes of climate fields are mostly noise, and inflating them takes most of the time of reading a cube. A plane
// that deflate leaves above this share of its size is stored as it is; any zlib reads the same bytes back.
constexpr double kWorthDeflating = 0.5;

struct FreeCompressor {
  void operator()(libdeflate_compressor* c) const { libdeflate_free_compressor(c); }
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

std::vector<std::byte> deflated(libdeflate_compressor& compressor, std::span<const std::byte> raw) {
  std::vector<std::byte> bytes(libdeflate_deflate_compress_bound(&compressor, raw.size()));
  const std::size_t size = libdeflate_deflate_compress(&compressor, raw.data(), raw.size(), bytes.data(), bytes.size());
  if (size == 0) throw internalError("the compressor failed");
  bytes.resize(size);
  return bytes;
}

/// RFC 1951, 3.2.4: blocks of at most 65535 bytes as they are, none of them the last; each begins and ends on a byte.
void appendStoredBlocks(std::span<const std::byte> raw, std::vector<std::byte>& out) {
  constexpr std::size_t kLongest = 65535;
  for (std::size_t done = 0; done < raw.size();) {
    const std::size_t count = std::min(kLongest, raw.size() - done);
    for (const std::size_t head :
         {std::size_t{0}, count & 0xffU, count >> 8U, ~count & 0xffU, (~count >> 8U) & 0xffU}) {
      out.push_back(static_cast<std::byte>(head));
    }
    const std::span<const std::byte> block = raw.subspan(done, count);
    out.insert(out.end(), block.begin(), block.end());
    done += count;
  }
}

}  // namespace

std::uint32_t crc32(std::span<const std::byte> bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

StoredChunk compressChunk(std::span<const std::byte> raw, std::size_t elementSize) {
  const std::vector<std::byte> planes = shuffle(raw, elementSize);
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(libdeflate_alloc_compressor(kLevel));
  if (!compressor) throw internalError("no memory for the compressor");
  const std::span<const std::byte> low = std::span(planes).first(elementSize > 1 ? planes.size() / elementSize : 0);
  StoredChunk chunk;
  // RFC 1950: deflate with a window of 32 kB, default level.
  chunk.bytes = {std::byte{0x78}, std::byte{0x9c}};
  std::size_t done = 0;
  if (static_cast<double>(deflated(*compressor, low).size()) > kWorthDeflating * static_cast<double>(low.size())) {
    appendStoredBlocks(low, chunk.bytes);
    done = low.size();
  }
  const std::vector<std::byte> rest = deflated(*compressor, std::span(planes).subspan(done));
  chunk.bytes.insert(chunk.bytes.end(), rest.begin(), rest.end());
  const std::uint32_t adler = libdeflate_adler32(1, planes.data(), planes.size());
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    chunk.bytes.push_back(static_cast<std::byte>((adler >> shift) & 0xffU));
  chunk.crc32 = crc32(chunk.bytes);
  return chunk;
}

struct Inflater::State {
  struct FreeDecompressor {
    void operator()(libdeflate_decompressor* d) const { libdeflate_free_decompressor(d); }
  };

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
