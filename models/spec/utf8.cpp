// SPDX-License-Identifier: Apache-2.0
#include "models/spec/utf8.h"

#include <cstddef>

namespace ecumene::models::spec {

bool isUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return false;
    const std::size_t more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    for (std::size_t k = 0; k < more; ++k, ++i) {
      if (i == text.size()) return false;
      const auto byte = static_cast<unsigned char>(text[i]);
      // The second byte's narrower bounds shut out overlong forms, surrogates and what lies beyond U+10FFFF.
      const unsigned low = k > 0 ? 0x80 : lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
      const unsigned high = k > 0 ? 0xbf : lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
      if (byte < low || byte > high) return false;
    }
  }
  return true;
}

}  // namespace ecumene::models::spec
