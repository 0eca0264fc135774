// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ecumene::data::formats {

/// Names of the groups of a NetCDF file, below its root, that hold variables, in the file's order; what is in them is
/// not read. Throws Error if the file cannot be read.
std::vector<std::string> groupsWithVariables(const std::filesystem::path& path);

/// What to do about them.
inline constexpr const char* kFlatten = "take the variables out of their groups: ncks -G : FILE.nc NEW.nc";

}  // namespace ecumene::data::formats
