// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "data/base/error.h"

namespace ecumene::data::formats {

/// Whether the bytes are text: valid UTF-8 without control characters. A cut last character is no objection.
bool looksLikeText(std::string_view head);

/// The text as parsers take it: without a UTF-8 byte order mark, and with '\n' where it knows '\r' only.
std::string plainText(std::string content);

/// That the bytes are UTF-16 or UTF-32, with the command that converts them; none if they are not.
std::optional<Error> wideTextObjection(std::string_view bytes);

/// Why the bytes are no UTF-8 text: UTF-16 or another encoding, with the iconv command, or what kind of binary file.
/// `complete` is false where `bytes` is only a file's beginning. None if they are UTF-8 text.
std::optional<Error> textObjection(std::string_view bytes, bool complete);

/// A whole text file as plainText. Throws Error if it is larger than `maxBytes`, empty, or no UTF-8 text.
std::string readTextFile(const std::filesystem::path& path, std::size_t maxBytes);

}  // namespace ecumene::data::formats
