// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace ecumene::engine::daemon {

/// The last bytes of a log, 16 KiB at most; empty where there is none.
std::string logEnd(const std::filesystem::path& log);

/// The last line of a text that is not blank, without its end, at most 500 bytes.
std::string lastLine(const std::string& text);

}  // namespace ecumene::engine::daemon
