// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ecumene::data::formats {

/// A text of a file for people and their terminals, as UTF-8: control characters, which a terminal would obey, become
/// blanks, those of C1 (U+0080 to U+009F) too, and each byte that is not UTF-8 becomes U+FFFD.
std::string shownText(std::string_view text);

}  // namespace ecumene::data::formats
