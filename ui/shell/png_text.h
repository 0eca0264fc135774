// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace ecumene::ui::shell {

/// The text of this key in a PNG file (PNG specification, tEXt and zTXt), without decoding the picture: the file may be
/// anybody's. Empty where there is none, the file is damaged before or in it, or the text is longer than `most` bytes.
/// Any thread; may wait.
std::string pngText(const std::filesystem::path& file, std::string_view key, std::size_t most);

}  // namespace ecumene::ui::shell
