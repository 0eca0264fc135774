// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace ecumene::data::formats {

/// Whether the bytes are the beginning of a gzip or bzip2 file.
bool isCompressed(std::string_view bytes);

/// Inflates whatever isCompressed knows, as inflateGzip does (inflate.h): several members are one text; with `whole` a
/// truncated, damaged or too long stream throws Error naming the compressed byte, without it what can be had is given.
std::string inflated(std::string_view bytes, std::size_t most, bool whole);

/// The beginning of a file's text for a sniff function: `head` itself, or up to `most` bytes of what it inflates to. A
/// block of bzip2 comes as a whole, so the file is opened for more of it. Empty where nothing can be had.
std::string inflatedHead(const std::filesystem::path& path, std::string_view head, std::size_t most);

}  // namespace ecumene::data::formats
