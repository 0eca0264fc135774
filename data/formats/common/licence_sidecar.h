// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace ecumene::data::formats {

/// Begins the line that states a licence. In two pieces: tools that look for the tag would take this line for the
/// licence of this file.
inline constexpr std::string_view kLicenceTag =
    "SPDX-License-"
    "Identifier:";

/// `<path>.license`, whether it is there or not.
std::filesystem::path licenceFileBeside(const std::filesystem::path& path);

/// The licence that `<path>.license` beside a file states, as REUSE 3 has it (reuse.software): its lines
/// "SPDX-License-Identifier: MIT", several joined by AND. None where there is no such file. Throws Error if it is no
/// text, or states no licence.
std::optional<std::string> licenceBeside(const std::filesystem::path& path);

}  // namespace ecumene::data::formats
