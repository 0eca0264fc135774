// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ecumene::data::formats {

/// Where a complaint of the JSON parser is to lie: in a whole file, or in the one line that the caller names.
enum class JsonPlace { kLineAndColumn, kColumn };

/// What the parser found, without its own error number: "line 3, column 7: syntax error while parsing value - ...".
std::string jsonComplaint(std::string_view what, JsonPlace place);

}  // namespace ecumene::data::formats
