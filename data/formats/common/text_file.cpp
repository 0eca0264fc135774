// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/text_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "data/base/files.h"

namespace ecumene::data::formats {
namespace {

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

struct Signature {
  std::string_view bytes, name, next;
};
// Kinds of files that users have their tables in.
constexpr auto kSignatures = std::to_array<Signature>({
    {"\x1f\x8b", "a gzip file", "only networks and FITS are read compressed: unpack it with gunzip"},
    {"BZh", "a bzip2 file", "unpack it with bunzip2"},
    {"\xfd"
     "7zXZ",
     "an xz file", "unpack it with unxz"},
    {"\x28\xb5\x2f\xfd", "a zstd file", "unpack it with unzstd"},
    {"PK\x03\x04", "a zip archive or a spreadsheet", "unpack it, or save the sheet as CSV"},
    {"\xd0\xcf\x11\xe0", "a spreadsheet of an old office program", "save the sheet as CSV"},
    {"SIMPLE  =", "a FITS file", "it is read without --set format="},
    {"%PDF", "a PDF document", "save its table as CSV"},
    {"\x93NUMPY", "a NumPy array", "save it as CSV with a header"},
    {"\x89HDF", "an HDF5 file", "only NetCDF of climates and spectra is read of these: save a table as CSV"},
    {"CDF", "a classic NetCDF file", "only NetCDF of climates and spectra is read of these: save a table as CSV"},
});

std::size_t lineAt(std::string_view bytes, std::size_t position) {
  return 1 + static_cast<std::size_t>(
                 std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

/// "utf-16" and such, by its mark or because every second byte of the beginning is zero; "" if it is none.
std::string_view wideEncoding(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xff\xfe\0\0"sv) || bytes.starts_with("\0\0\xfe\xff"sv)) return "utf-32";
  if (bytes.starts_with("\xff\xfe"sv) || bytes.starts_with("\xfe\xff"sv)) return "utf-16";
  const std::string_view part = bytes.substr(0, std::min<std::size_t>(bytes.size(), 1024) & ~std::size_t{1});
  constexpr std::size_t kFewest = 4;
  if (part.size() < kFewest) return "";
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < part.size(); ++i) zeros[i % 2] += static_cast<std::size_t>(part[i] == '\0');
  const std::size_t most = part.size() / 2;
  if (zeros[1] >= most - most / 10 && zeros[0] == 0) return "utf-16le";
  if (zeros[0] >= most - most / 10 && zeros[1] == 0) return "utf-16be";
  return "";
}

/// Position of the first control character that text does not hold, or the first byte that is not UTF-8.
struct Offence {
  std::size_t at = 0;
  bool control = false;
};

std::optional<Offence> firstOffence(std::string_view bytes, bool complete) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' && byte != '\f') return Offence{i, true};
    if (byte < 0x80) continue;
    const std::size_t more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
    if (more == 0 || byte > 0xf4) return Offence{i, false};
    for (std::size_t k = 1; k <= more; ++k) {
      if (i + k >= bytes.size()) return complete ? std::optional<Offence>({i, false}) : std::nullopt;
      if ((static_cast<unsigned char>(bytes[i + k]) & 0xc0U) != 0x80U) return Offence{i, false};
    }
    i += more;
  }
  return std::nullopt;
}

}  // namespace

bool looksLikeText(std::string_view head) {
  return !firstOffence(head, false);
}

std::string plainText(std::string content) {
  if (content.starts_with(kUtf8Mark)) content.erase(0, kUtf8Mark.size());
  if (content.find('\n') == std::string::npos) std::replace(content.begin(), content.end(), '\r', '\n');
  return content;
}

std::optional<Error> wideTextObjection(std::string_view bytes) {
  const std::string_view encoding = wideEncoding(bytes);
  if (encoding.empty()) return std::nullopt;
  // An XML file names its encoding in its first line.
  using namespace std::string_view_literals;
  constexpr std::size_t kMark = 8;
  const bool xml = bytes.substr(0, kMark).find("<\0?\0"sv) != std::string_view::npos ||
                   bytes.substr(0, kMark).find("\0<\0?"sv) != std::string_view::npos;
  return Error(fmt::format("the file is {} text, and only UTF-8 is read", encoding))
      .next(fmt::format("convert it: iconv -f {} -t utf-8 FILE {}> NEW", encoding,
                        xml ? "| sed '1s/utf-16[a-z]*/UTF-8/I' " : ""));
}

std::optional<Error> textObjection(std::string_view bytes, bool complete) {
  if (std::optional<Error> wide = wideTextObjection(bytes); wide) return wide;
  const auto kind = std::find_if(kSignatures.begin(), kSignatures.end(),
                                 [&](const Signature& s) { return bytes.starts_with(s.bytes); });
  const std::optional<Offence> offence = firstOffence(bytes, complete);
  if (!offence) return std::nullopt;
  if (kind != kSignatures.end()) {
    return Error(fmt::format("the file is {}, not text", kind->name)).next(std::string(kind->next));
  }
  const auto byte = static_cast<unsigned char>(bytes[offence->at]);
  if (offence->control) {
    return Error("the file is binary or damaged, not text")
        .found(fmt::format("byte 0x{:02x} at offset {}", byte, offence->at));
  }
  return Error("the text is not UTF-8")
      .on(fmt::format("line {}", lineAt(bytes, offence->at)))
      .found(fmt::format("byte 0x{:02x} at offset {}", byte, offence->at))
      .next("if it is Latin-1, convert it: iconv -f latin1 -t utf-8 FILE > NEW");
}

std::string readTextFile(const std::filesystem::path& path, std::size_t maxBytes) {
  std::string content = readFile(path, maxBytes);
  if (const std::optional<Error> objection = textObjection(content, true); objection) throw Error(*objection);
  content = plainText(std::move(content));
  if (content.find_first_not_of(" \t\r\n\f") == std::string::npos) throw Error("the file is empty");
  return content;
}

}  // namespace ecumene::data::formats
