// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/transfer/files.h"

namespace ecumene::engine::transfer {

/// In the folder of a run that was copied from another machine: where from. A run that was at work there is not at
/// work here, and was not killed either.
inline constexpr const char* kOriginFile = "copied.json";

struct Origin {
  std::string host, id;  ///< of the machine, and of the run there
  double time = 0.0;     ///< of the copy, seconds since 1970
  /// Times at which the journal's state was said, as copied: one that is not among them was said here.
  std::vector<double> stateTimes;
  bool mirror = false;
  std::vector<File> files;  ///< of a mirror, as its source had them
};

/// None: the run was not copied, or the file is damaged.
std::optional<Origin> originOf(const std::filesystem::path& run);
void writeOrigin(const std::filesystem::path& run, const Origin& origin);

}  // namespace ecumene::engine::transfer
