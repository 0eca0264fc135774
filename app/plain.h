// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace ecumene::app {

/// UTF-8 text with a space for each control character of ASCII and of Latin-1 (U+0080 to U+009F), so that nothing that
/// somebody wrote moves a terminal's cursor.
inline std::string plain(const std::string& text) {
  std::string shown;
  shown.reserve(text.size());
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool ofLatin1 = byte(i) == 0xC2 && byte(i + 1) >= 0x80 && byte(i + 1) <= 0x9F;
    shown += ofLatin1 || byte(i) < 0x20 || byte(i) == 0x7F ? ' ' : text[i];
    if (ofLatin1) ++i;
  }
  return shown;
}

}  // namespace ecumene::app
