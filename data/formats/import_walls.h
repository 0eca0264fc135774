// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ecumene::data::formats {

/// False under a sanitizer, which reserves terabytes of address space for its shadow.
bool memoryIsLimited();

/// Limits of the calling process for good: address space, processor time (SIGXCPU, killed 2 s later), no file written,
/// no core file, 64 descriptors.
void limitResources(std::uint64_t memoryBytes, std::uint64_t cpuSeconds);

/// Refuses, for good, system calls that no parser needs: connections, new processes and programs, other processes'
/// memory, and any change of the file system.
void closeDoors();

}  // namespace ecumene::data::formats
