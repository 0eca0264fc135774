// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ecumene::data::formats {

/// The licence that `<path>.license` beside a file states, as REUSE 3 has it (reuse.software): its lines
/// "SPDX-License-Identifier: MIT", several joined by AND. None where there is no such file. Throws Error if it is no
/// text, or states no licence.
std::optional<std::string> licenceBeside(const std::filesystem::path& path);

}  // namespace ecumene::data::formats
