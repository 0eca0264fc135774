// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "data/base/error.h"
#include "data/formats/common/inflated_text.h"

namespace ecumene::data::formats {

bool isGzip(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

std::string inflateGzip(std::string_view bytes, std::size_t most, bool whole) {
  z_stream stream{};
  constexpr int kGzipOnly = 16;
  if (inflateInit2(&stream, MAX_WBITS + kGzipOnly) != Z_OK) throw internalError("zlib could not start");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, &inflateEnd);

  InflatedText text(bytes.size(), most, whole);
  std::vector<char> chunk(std::size_t{1} << 18U);
  std::size_t given = 0;
  int result = Z_OK;
  while (true) {
    if (stream.avail_in == 0) {
      const std::size_t size = std::min<std::size_t>(bytes.size() - given, std::size_t{1} << 20U);
      // zlib's interface is not const-correct; it does not write to its input.
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + given));
      stream.avail_in = static_cast<uInt>(size);
      given += size;
      if (size == 0) {
        return result == Z_STREAM_END ? text.take() : text.brokenOff(kEndsTooEarly, given);
      }
    }
    if (result == Z_STREAM_END && inflateReset(&stream) != Z_OK) throw internalError("zlib could not start again");
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    result = inflate(&stream, Z_NO_FLUSH);
    const bool enough = text.add(chunk.data(), chunk.size() - stream.avail_out);
    // A checksum that is wrong is found with the last of the text.
    if (result != Z_OK && result != Z_STREAM_END) return text.brokenOff(kDamaged, given - stream.avail_in);
    if (enough) return text.take();
  }
}

}  // namespace ecumene::data::formats
