// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace ecumene::data::formats {

/// Version of the kernel's Landlock; 0 where it has none, or it is switched off.
int landlockVersion();

/// Leaves the calling thread, for good, the reading of these open files and no other access to any path; as far as the
/// kernel's version knows them, no TCP connections, abstract sockets and signals to other processes either. Throws
/// Error (kEnvironment) where the kernel refuses.
void landlock(std::span<const int> readable);

}  // namespace ecumene::data::formats
