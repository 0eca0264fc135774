// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ecumene::data::formats {

/// A text of a file for people and their terminals, as UTF-8: control characters, which a terminal would obey, become
/// blanks, those of C1 (U+0080 to U+009F) too, and each byte that is not UTF-8 becomes U+FFFD.
std::string shownText(std::string_view text);

/// Throws Error if a text of UTF-8 holds a control character. `what` is "title", `place` "line 3".
void requirePrintable(std::string_view text, const std::string& what, const std::string& place);

/// The text with line breaks and runs of blanks as one blank, and none at its ends.
std::string plainBlanks(std::string_view text);

}  // namespace ecumene::data::formats
