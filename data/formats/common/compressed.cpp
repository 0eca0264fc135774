// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/compressed.h"

#include <bzlib.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <vector>

#include "data/base/error.h"
#include "data/formats/common/inflate.h"
#include "data/formats/common/inflated_text.h"

namespace ecumene::data::formats {
namespace {

bool isBzip2(std::string_view bytes) {
  return bytes.size() > 3 && bytes.starts_with("BZh") && bytes[3] >= '1' && bytes[3] <= '9';
}

/// One member of a bzip2 file at a time; the library has no way to start another on the same stream.
struct Member {
  Member() {
    if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) throw internalError("bzip2 could not start");
  }
  ~Member() { BZ2_bzDecompressEnd(&stream); }
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  bz_stream stream{};
};

std::string inflatedBzip2(std::string_view bytes, std::size_t most, bool whole) {
  InflatedText text(bytes.size(), most, whole);
  std::vector<char> chunk(std::size_t{1} << 18U);
  std::size_t read = 0;
  for (auto member = std::make_unique<Member>(); read < bytes.size();) {
    bz_stream& stream = member->stream;
    const std::size_t size = std::min<std::size_t>(bytes.size() - read, std::size_t{1} << 20U);
    // bzip2's interface is not const-correct; it does not write to its input.
    stream.next_in = const_cast<char*>(bytes.data() + read);
    stream.avail_in = static_cast<unsigned>(size);
    int result = BZ_OK;
    do {
      stream.next_out = chunk.data();
      stream.avail_out = static_cast<unsigned>(chunk.size());
      result = BZ2_bzDecompress(&stream);
      if (result != BZ_OK && result != BZ_STREAM_END) return text.brokenOff(kDamaged, read);
      if (text.add(chunk.data(), chunk.size() - stream.avail_out)) return text.take();
    } while (result == BZ_OK && (stream.avail_in > 0 || stream.avail_out == 0));
    read += size - stream.avail_in;
    if (result == BZ_STREAM_END) {
      if (read == bytes.size()) return text.take();
      member = std::make_unique<Member>();
    }
  }
  return text.brokenOff(kEndsTooEarly, read);
}

}  // namespace

bool isCompressed(std::string_view bytes) {
  return isGzip(bytes) || isBzip2(bytes);
}

std::string inflatedHead(const std::filesystem::path& path, std::string_view head, std::size_t most) {
  if (!isCompressed(head)) return std::string(head);
  if (!isBzip2(head)) return inflated(head, most, false);
  constexpr std::size_t kLargestBlock = 1'000'000;  // 900,000 bytes that do not compress, and tables
  std::string bytes(kLargestBlock, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return inflated(bytes, most, false);
}

std::string inflated(std::string_view bytes, std::size_t most, bool whole) {
  return isGzip(bytes) ? inflateGzip(bytes, most, whole) : inflatedBzip2(bytes, most, whole);
}

}  // namespace ecumene::data::formats
