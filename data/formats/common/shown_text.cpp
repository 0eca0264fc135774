// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/shown_text.h"

#include <algorithm>
#include <cstddef>

#include "data/base/blank.h"
#include "data/base/error.h"

namespace ecumene::data::formats {
namespace {

/// Bytes of the character at the front; 0 if it is not UTF-8 (RFC 3629).
std::size_t lengthOf(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  }
  const unsigned second = byte(1);
  const bool longer = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool beyond = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
  return longer || beyond ? 0 : length;
}

bool isControl(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character.front());
  return lead < 0x20 || lead == 0x7f || (lead == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0);
}

}  // namespace

std::string shownText(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; })) return std::string(text);
  std::string shown;
  while (!text.empty()) {
    const std::size_t length = lengthOf(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    shown += length == 0 ? "\xef\xbf\xbd" : isControl(character) ? " " : character;
    text.remove_prefix(character.size());
  }
  return shown;
}

void requirePrintable(std::string_view text, const std::string& what, const std::string& place) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t length = lengthOf(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    if (length > 0 && isControl(character)) {
      const unsigned code = static_cast<unsigned char>(character.back());
      throw Error("the " + what + " holds a control character")
          .on(place)
          .found("code " + std::to_string(code) + " at character " + std::to_string(number));
    }
    text.remove_prefix(character.size());
  }
}

std::string plainBlanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!isBlank(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace ecumene::data::formats
