// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ecumene::models::spec {

/// Whether the bytes are well-formed UTF-8 (Unicode 15, table 3-7): TOML holds nothing else.
bool isUtf8(std::string_view text);

}  // namespace ecumene::models::spec
