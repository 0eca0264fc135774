// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ecumene::data::formats {

/// False under a sanitizer, which reserves terabytes of address space for its shadow.
bool memoryIsLimited();

/// Has the kernel end the calling process before others, should the machine run out of memory.
void goFirst();

/// Limits of the calling process for good: address space, processor time (SIGXCPU, killed 2 s later), no file written,
/// no core file, 128 descriptors.
void limitResources(std::uint64_t memoryBytes, std::uint64_t cpuSeconds);

/// What keeps a process from all files but a few.
enum class PathWall {
  kLandlock,     ///< the kernel judges each path
  kOpenedFiles,  ///< no open reaches the kernel; those files were opened before (opened_files.h)
};
/// Landlock, where the kernel has it.
PathWall pathWallOfThisKernel();

/// Closes, for good, all doors that no parser needs: every descriptor but 0 to `lastKept`; every file but `files`, as
/// these paths spell them, and those to be read only; every system call but those that read, compute and end, so
/// connections, new processes and programs, other processes, executable memory and any change of the file system are
/// refused with EPERM, EACCES or ENOSYS. Call it while the process has one thread.
void closeDoors(const std::vector<std::filesystem::path>& files, int lastKept, PathWall wall = pathWallOfThisKernel());

}  // namespace ecumene::data::formats
