// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/npz_file.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <utility>

#include "data/base/checked.h"
#include "data/base/error.h"

namespace ecumene::data::formats {

/// What the directory of an archive says of a file in it.
struct NpzItem {
  unsigned method = 0, flags = 0;
  std::uint32_t checksum = 0;
  std::uint64_t packed = 0, size = 0, header = 0;  ///< bytes; place of its own header
};

namespace {

constexpr std::size_t kMostArrays = 10000;
constexpr std::size_t kPiece = std::size_t{1} << 20U;

template <class T>
double as(const std::byte* bytes) {
  T value{};
  std::memcpy(&value, bytes, sizeof value);
  return static_cast<double>(value);
}

double numberAt(const std::byte* bytes, const NpyHeader& header) {
  const bool isSigned = header.kind == 'i';
  if (header.kind == 'f') return header.itemBytes == 4 ? as<float>(bytes) : as<double>(bytes);
  switch (header.itemBytes) {
    case 1:
      return isSigned ? as<std::int8_t>(bytes) : as<std::uint8_t>(bytes);
    case 2:
      return isSigned ? as<std::int16_t>(bytes) : as<std::uint16_t>(bytes);
    case 4:
      return isSigned ? as<std::int32_t>(bytes) : as<std::uint32_t>(bytes);
    default:
      return isSigned ? as<std::int64_t>(bytes) : as<std::uint64_t>(bytes);
  }
}

std::vector<double> numbersIn(const std::vector<std::byte>& bytes, const NpyHeader& header) {
  std::vector<double> values(bytes.size() / header.itemBytes);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = numberAt(bytes.data() + i * header.itemBytes, header);
  return values;
}

/// A number of `bytes` little-endian bytes.
std::uint64_t little(std::string_view text, std::size_t at, std::size_t bytes) {
  if (at > text.size() || bytes > text.size() - at) throw Error("the archive's directory is broken").next(kDamagedFile);
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) value = value << 8U | static_cast<unsigned char>(text[at + i]);
  return value;
}

std::string readAt(std::ifstream& file, std::uint64_t at, std::uint64_t size) {
  constexpr std::uint64_t kLargestDirectory = std::uint64_t{64} << 20U;
  constexpr auto kFarthest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (size > kLargestDirectory || at > kFarthest) throw Error("the archive's directory is broken").next(kDamagedFile);
  std::string text(size, '\0');
  file.clear();
  file.seekg(static_cast<std::streamoff>(at));
  file.read(text.data(), static_cast<std::streamsize>(size));
  if (!file || static_cast<std::uint64_t>(file.gcount()) != size) {
    throw Error("the archive ends early").next(kDamagedFile);
  }
  return text;
}

/// Sizes and places of more than 32 bits stand in an extra field, those that need it, in this order.
void takeLong(std::string_view extra, NpzItem& item) {
  constexpr std::uint64_t kElsewhere = 0xFFFFFFFFU;
  for (std::size_t at = 0; at + 4 <= extra.size(); at += 4 + little(extra, at + 2, 2)) {
    if (little(extra, at, 2) != 1) continue;
    std::size_t from = at + 4;
    for (std::uint64_t* value : {&item.size, &item.packed, &item.header}) {
      if (*value != kElsewhere) continue;
      *value = little(extra, from, 8);
      from += 8;
    }
    return;
  }
}

/// The directory at the end of an archive (APPNOTE.TXT 4.3.12 to 4.3.16, with its 64-bit forms).
std::map<std::string, NpzItem> readDirectory(std::ifstream& file) {
  constexpr std::size_t kEnd = 22;
  constexpr std::size_t kLongestComment = 65535;
  file.seekg(0, std::ios::end);
  const auto fileSize = static_cast<std::uint64_t>(std::max<std::streamoff>(file.tellg(), 0));
  const std::uint64_t tailSize = std::min<std::uint64_t>(fileSize, kEnd + kLongestComment);
  const std::string tail = readAt(file, fileSize - tailSize, tailSize);
  const std::size_t end = tail.rfind(std::string_view("PK\x05\x06", 4));
  if (end == std::string::npos) throw Error("the archive has no directory").next(kDamagedFile);
  std::uint64_t count = little(tail, end + 10, 2);
  std::uint64_t size = little(tail, end + 12, 4);
  std::uint64_t begin = little(tail, end + 16, 4);
  constexpr std::size_t kLocator = 20;
  if (end >= kLocator && tail.compare(end - kLocator, 4, "PK\x06\x07", 4) == 0) {
    const std::string record = readAt(file, little(tail, end - kLocator + 8, 8), 56);
    count = little(record, 32, 8);
    size = little(record, 40, 8);
    begin = little(record, 48, 8);
  }
  if (count > kMostArrays) throw Error("the archive has more arrays than any that is read");
  const std::string directory = readAt(file, begin, size);
  std::map<std::string, NpzItem> items;
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (little(directory, at, 4) != 0x02014B50U) throw Error("the archive's directory is broken").next(kDamagedFile);
    NpzItem item;
    item.flags = static_cast<unsigned>(little(directory, at + 8, 2));
    item.method = static_cast<unsigned>(little(directory, at + 10, 2));
    item.checksum = static_cast<std::uint32_t>(little(directory, at + 16, 4));
    item.packed = little(directory, at + 20, 4);
    item.size = little(directory, at + 24, 4);
    const std::size_t name = little(directory, at + 28, 2);
    const std::size_t extra = little(directory, at + 30, 2);
    const std::size_t comment = little(directory, at + 32, 2);
    item.header = little(directory, at + 42, 4);
    little(directory, at + 46 + name + extra + comment, 0);
    takeLong(std::string_view(directory).substr(at + 46 + name, extra), item);
    items.emplace(directory.substr(at + 46, name), item);
    at += 46 + name + extra + comment;
  }
  return items;
}

/// A file of an archive open for reading.
class Entry {
 public:
  Entry(std::ifstream& file, const std::map<std::string, NpzItem>& items, const std::string& name,
        const std::string& object)
      : file_(file), object_(object) {
    const auto found = items.find(name + ".npy");
    if (found == items.end()) throw Error("the archive has no such array").on(object_);
    item_ = found->second;
    constexpr unsigned kDeflated = 8;
    constexpr unsigned kEncrypted = 1;
    if ((item_.method != 0 && item_.method != kDeflated) || (item_.flags & kEncrypted) != 0) {
      throw Error("the array is packed in a way that is not read")
          .on(object_)
          .expected("stored or deflated, not encrypted");
    }
    const std::string header = readAt(file_, item_.header, 30);
    if (little(header, 0, 4) != 0x04034B50U) throw damaged("the array's place is wrong");
    file_.seekg(static_cast<std::streamoff>(little(header, 26, 2) + little(header, 28, 2)), std::ios::cur);
    left_ = item_.packed;
    if (item_.method == 0) return;
    if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw Error("cannot start to inflate").on(object_);
    inflating_ = true;
  }
  ~Entry() {
    if (inflating_) inflateEnd(&stream_);
  }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  [[nodiscard]] std::uint64_t size() const { return item_.size; }
  /// Fills as much of the buffer as there is.
  std::size_t read(std::span<std::byte> into) {
    auto* bytes = reinterpret_cast<Bytef*>(into.data());
    const std::size_t got = inflating_ ? inflated(bytes, into.size()) : stored(bytes, into.size());
    checksum_ = crc32_z(checksum_, bytes, got);
    done_ += got;
    if (done_ > item_.size) throw damaged("the array is longer than the archive says");
    return got;
  }
  void close() const {
    if (done_ != item_.size || checksum_ != item_.checksum) throw damaged("the array's checksum is wrong");
  }

 private:
  [[nodiscard]] Error damaged(const std::string& what) const { return Error(what).on(object_).next(kDamagedFile); }
  std::size_t stored(Bytef* into, std::size_t size) {
    const auto wanted = static_cast<std::streamsize>(std::min<std::uint64_t>(size, left_));
    file_.read(reinterpret_cast<char*>(into), wanted);
    if (file_.gcount() != wanted) throw damaged("the array ends early");
    left_ -= static_cast<std::uint64_t>(wanted);
    return static_cast<std::size_t>(wanted);
  }
  std::size_t inflated(Bytef* into, std::size_t size) {
    stream_.next_out = into;
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out > 0 && !ended_) {
      if (stream_.avail_in == 0 && left_ > 0) {
        packed_.resize(std::min<std::uint64_t>(left_, kPiece));
        stream_.avail_in = static_cast<uInt>(stored(packed_.data(), packed_.size()));
        stream_.next_in = packed_.data();
      }
      const int state = inflate(&stream_, Z_NO_FLUSH);
      if (state != Z_OK && state != Z_STREAM_END) throw damaged("the array cannot be inflated");
      ended_ = state == Z_STREAM_END;
    }
    return size - stream_.avail_out;
  }

  std::ifstream& file_;
  std::string object_;
  NpzItem item_;
  std::uint64_t left_ = 0, done_ = 0;  ///< packed bytes to come; bytes given
  uLong checksum_ = 0;
  z_stream stream_{};
  bool inflating_ = false, ended_ = false;
  std::vector<Bytef> packed_;
};

}  // namespace

struct NpzFile::Zip {
  std::ifstream file;
  std::map<std::string, NpzItem> items;
};

NpzFile::NpzFile(const std::filesystem::path& path) : zip_(std::make_unique<Zip>()), file_(path.filename().string()) {
  zip_->file.open(path, std::ios::binary);
  if (!zip_->file) throw Error("cannot open the file as a zip archive").on(file_).next(kDamagedFile);
  try {
    zip_->items = readDirectory(zip_->file);
  } catch (Error& error) {
    throw error.on(file_);
  }
  for (const auto& [name, item] : zip_->items) {
    if (name.ends_with(".npy")) names_.push_back(name.substr(0, name.size() - 4));
  }
}

NpzFile::~NpzFile() = default;

bool NpzFile::has(const std::string& name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

NpyHeader NpzFile::stream(
    const std::string& name,
    const std::function<void(std::span<const std::byte>, std::size_t, const NpyHeader&)>& take) const {
  Entry entry(zip_->file, zip_->items, name, place(name));
  std::vector<std::byte> buffer(std::clamp<std::uint64_t>(entry.size(), 1, kPiece));
  std::size_t got = entry.read(buffer);
  std::size_t headerBytes = 0;
  NpyHeader header;
  try {
    header = parseNpyHeader(std::span(buffer).first(got), headerBytes);
  } catch (Error& error) {
    throw error.on(place(name));
  }
  const std::size_t bytes = checkedMultiply(header.count(), header.itemBytes, place(name));
  if (entry.size() != headerBytes + bytes) {
    throw Error("the array is not as long as its header says")
        .on(place(name))
        .expected(std::to_string(headerBytes + bytes) + " bytes")
        .found(std::to_string(entry.size()))
        .next(kDamagedFile);
  }
  std::size_t at = 0;
  std::span<const std::byte> piece = std::span(buffer).subspan(headerBytes, got - headerBytes);
  while (!piece.empty()) {
    take(piece, at, header);
    at += piece.size();
    got = entry.read(buffer);
    piece = std::span(buffer).first(got);
  }
  if (at != bytes) throw Error("the array ends early").on(place(name)).next(kDamagedFile);
  entry.close();
  return header;
}

NpyHeader NpzFile::header(const std::string& name) const {
  Entry entry(zip_->file, zip_->items, name, place(name));
  std::vector<std::byte> buffer(std::min<std::uint64_t>(entry.size(), kLongestHeader + 12));
  const std::size_t got = entry.read(buffer);
  std::size_t headerBytes = 0;
  try {
    return parseNpyHeader(std::span(buffer).first(got), headerBytes);
  } catch (Error& error) {
    throw error.on(place(name));
  }
}

std::vector<std::byte> NpzFile::bytesOf(const std::string& name, std::size_t count) const {
  std::vector<std::byte> out;
  out.reserve(count);
  stream(name, [&](std::span<const std::byte> piece, std::size_t, const NpyHeader&) {
    out.insert(out.end(), piece.begin(), piece.end());
  });
  return out;
}

std::vector<double> NpzFile::numbers(const std::string& name, std::size_t most) const {
  const NpyHeader read = header(name);
  if (read.kind == 'U' || read.kind == 'S')
    throw Error("the array holds texts, where numbers are wanted").on(place(name));
  if (read.count() > most) {
    throw Error("the array is larger than any of its kind")
        .on(place(name))
        .expected("at most " + std::to_string(most))
        .found(std::to_string(read.count()));
  }
  return numbersIn(bytesOf(name, checkedMultiply(read.count(), read.itemBytes, place(name))), read);
}

std::vector<std::string> NpzFile::texts(const std::string& name, std::size_t most) const {
  const NpyHeader read = header(name);
  if (read.kind != 'U' && read.kind != 'S')
    throw Error("the array holds numbers, where texts are wanted").on(place(name));
  if (read.count() > most) {
    throw Error("the array is larger than any of its kind")
        .on(place(name))
        .expected("at most " + std::to_string(most))
        .found(std::to_string(read.count()));
  }
  const std::vector<std::byte> bytes = bytesOf(name, checkedMultiply(read.count(), read.itemBytes, place(name)));
  const std::size_t unit = read.kind == 'U' ? 4 : 1;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < read.count(); ++i) {
    std::string& text = out.emplace_back();
    for (std::size_t c = 0; c < read.itemBytes; c += unit) {
      std::uint32_t code = 0;
      std::memcpy(&code, bytes.data() + i * read.itemBytes + c, unit);
      if (code == 0) break;
      // Names of fields are ASCII.
      if (code > 126 || code < 32)
        throw Error("a text of the array is no name").on(place(name) + "[" + std::to_string(i) + "]");
      text.push_back(static_cast<char>(code));
    }
  }
  return out;
}

void NpzFile::slices(const std::string& name, std::span<const std::size_t> wanted, std::size_t most,
                     const std::function<void(std::size_t, std::vector<double>)>& take) const {
  const NpyHeader read = header(name);
  const bool texts = read.kind == 'U' || read.kind == 'S';
  if (read.shape.empty() || texts || (!wanted.empty() && wanted.back() >= read.shape[0])) {
    throw Error("the array has no such part of numbers").on(place(name));
  }
  const std::size_t count = read.shape[0] == 0 ? 0 : read.count() / read.shape[0];
  if (count > most)
    throw Error("the array is larger than any of its kind")
        .on(place(name))
        .expected("at most " + std::to_string(most))
        .found(std::to_string(count));
  const std::size_t size = checkedMultiply(count, read.itemBytes, place(name));
  std::vector<std::byte> slice;
  auto next = wanted.begin();
  stream(name, [&](std::span<const std::byte> piece, std::size_t at, const NpyHeader&) {
    const std::size_t end = at + piece.size();
    for (; next != wanted.end(); ++next) {
      const std::size_t begin = *next * size + slice.size();
      if (begin >= end) return;
      const std::size_t got = std::min(size - slice.size(), end - begin);
      const auto bytes = piece.subspan(begin - at, got);
      slice.insert(slice.end(), bytes.begin(), bytes.end());
      if (slice.size() < size) return;
      take(*next, numbersIn(std::exchange(slice, {}), read));
    }
  });
}

void NpzFile::verify(const std::string& name) const {
  stream(name, [](std::span<const std::byte>, std::size_t, const NpyHeader&) {});
}

bool looksLikeZip(std::string_view head) {
  return head.starts_with("PK\x03\x04");
}

}  // namespace ecumene::data::formats
