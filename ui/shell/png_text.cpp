// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/png_text.h"

#include <zlib.h>

#include <array>
#include <cstdint>
#include <fstream>

namespace ecumene::ui::shell {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
constexpr int kMostChunks = 100000;

std::uint32_t bigEndian(const char* bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

const Bytef* bytesOf(std::string_view text) {
  return reinterpret_cast<const Bytef*>(text.data());
}

/// Empty where it is damaged, or longer.
std::string inflated(std::string_view packed, std::size_t most) {
  std::string text(most, '\0');
  uLongf size = most;
  const int result = ::uncompress(reinterpret_cast<Bytef*>(text.data()), &size, bytesOf(packed), packed.size());
  text.resize(result == Z_OK ? size : 0);
  return text;
}

/// What follows the key in a chunk's data.
std::string textIn(std::string_view type, std::string_view data, std::size_t most) {
  if (type == "tEXt") return std::string(data.size() <= most ? data : "");
  // The first byte is the method, of which there is one.
  return data.starts_with('\0') ? inflated(data.substr(1), most) : "";
}

}  // namespace

std::string pngText(const std::filesystem::path& path, std::string_view key, std::size_t most) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 8> head{};
  if (!file.read(head.data(), head.size()) || std::string_view(head.data(), head.size()) != kSignature) return {};
  for (int i = 0; i < kMostChunks && file.read(head.data(), head.size()); ++i) {
    const std::uint32_t length = bigEndian(head.data());
    const std::string_view type(head.data() + 4, 4);
    if (type == "IEND") return {};
    const bool looked = (type == "tEXt" || type == "zTXt") && length > key.size() && length <= most;
    if (!looked) {
      file.seekg(static_cast<std::streamoff>(length) + 4, std::ios::cur);
      continue;
    }
    std::string data(length, '\0');
    std::array<char, 4> sum{};
    if (!file.read(data.data(), length) || !file.read(sum.data(), sum.size())) return {};
    if (!data.starts_with(key) || data[key.size()] != '\0') continue;
    const auto found = ::crc32(::crc32(0, bytesOf(type), 4), bytesOf(data), length);
    if (found != bigEndian(sum.data())) return {};
    return textIn(type, std::string_view(data).substr(key.size() + 1), most);
  }
  return {};
}

}  // namespace ecumene::ui::shell
