// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace ecumene::engine::daemon {

/// The daemon's own files, in the folder of the runs: no id begins with a dot.
inline constexpr const char* kOwnFolder = ".daemon";

/// What a daemon goes by when nobody says it anew, whoever starts it: in `settings.json` of its own folder.
struct KeptWords {
  std::string onAlert;  ///< command for the shell where a rule comes to hold; empty: none
  std::optional<std::int64_t>
      inspectBytes;  ///< most bytes of memory for a model that is asked; none: what is available
  friend bool operator==(const KeptWords&, const KeptWords&) = default;
};

/// What is kept with these runs; defaults where nothing is. Throws Error where the file is damaged.
KeptWords keptWords(const std::filesystem::path& runs);

/// Throws Error where it cannot be written.
void keepWords(const std::filesystem::path& runs, const KeptWords& words);

}  // namespace ecumene::engine::daemon
