// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ecumene {

/// Whether the byte is white space of ASCII, in whatever locale.
constexpr bool isBlank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace ecumene
