// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace ecumene::engine::protocol {

/// Where this user's daemon listens: ecumene/daemon.sock below $XDG_RUNTIME_DIR, or /tmp/ecumene-UID/daemon.sock where
/// that variable is not set.
std::filesystem::path defaultSocket();

/// Throws Error (kUsage) where the path is too long for the kernel.
void requireShort(const std::filesystem::path& socket);

/// Makes the folder of a socket where it is absent. Throws Error unless it is a folder of this user that nobody else
/// can enter, and the socket's path is short enough for the kernel.
void secureSocketFolder(const std::filesystem::path& socket);

}  // namespace ecumene::engine::protocol
