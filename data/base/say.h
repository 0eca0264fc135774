// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ecumene {

/// Writes a text to standard error, at once. What cannot be said (a full disk, a closed terminal) ends no work.
void say(const std::string& text);

}  // namespace ecumene
