// SPDX-License-Identifier: Apache-2.0
#include "data/formats/metabolism/sbml_id.h"

#include <charconv>

namespace ecumene::data::formats {

bool isCharacter(unsigned code) {
  const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
  return !control && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

void appendUtf8(std::string& text, unsigned code) {
  const auto put = [&](unsigned byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

std::string sbmlId(std::string_view id, std::string_view prefix) {
  constexpr std::string_view kDot = "__SBML_DOT__";
  std::string decoded;
  for (std::size_t i = 0; i < id.size();) {
    const std::string_view rest = id.substr(i);
    if (prefix == "G_" && rest.starts_with(kDot)) {
      decoded += '.';
      i += kDot.size();
      continue;
    }
    if (rest.starts_with("__")) {
      unsigned code = 0;
      const auto [end, problem] = std::from_chars(rest.data() + 2, rest.data() + rest.size(), code);
      const auto after = static_cast<std::size_t>(end - rest.data());
      if (problem == std::errc{} && isCharacter(code) && rest.substr(after).starts_with("__")) {
        appendUtf8(decoded, code);
        i += after + 2;
        continue;
      }
    }
    decoded += rest.front();
    ++i;
  }
  if (decoded.starts_with(prefix)) decoded.erase(0, prefix.size());
  return decoded;
}

}  // namespace ecumene::data::formats
