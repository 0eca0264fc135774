// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cctype>
#include <optional>
#include <string>
#include <string_view>

namespace ecumene::data::formats {

/// Characters of the words of a name.
inline bool isLetter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
inline bool isDigit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
inline bool isWordCharacter(char c) {
  return isLetter(c) || isDigit(c);
}

/// The first planet name in a file name: a designation in any spelling, as its catalogue writes it
/// ("obs_wasp39b_transit" gives "WASP-39 b"), else letters, a number, and a letter b to j that ends a word ("L98-59c_x"
/// gives "L98-59 c").
std::optional<std::string> planetNameIn(std::string_view text);

/// Known instruments named in a file name, joined by a blank ("NIRISS SOSS"); empty if there is none.
std::string instrumentIn(std::string_view text);

}  // namespace ecumene::data::formats
