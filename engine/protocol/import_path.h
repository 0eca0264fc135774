// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ecumene::engine::protocol {

/// A file of an import has the path that it has for the user, below what all files have in common: parts with /
/// between. Throws Error (kUsage) at an absolute path, a part that is empty, "." or "..", longer than 255 bytes or with
/// a control character in it, more than 64 parts, or more than 2048 bytes.
void requireImportPath(const std::string& path);

}  // namespace ecumene::engine::protocol
