// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace ecumene::data::formats {

/// For kernels without Landlock: a system call filter cannot look at paths, so it is to trap every open (SIGSYS). From
/// here on such a trap answers with a descriptor of one of these files, opened now, or EACCES: no open reaches the
/// kernel any more. Files that do not exist, and what is no plain file, are left out. Once in a process, for good.
void serveOpenedFiles(const std::vector<std::filesystem::path>& files);

}  // namespace ecumene::data::formats
