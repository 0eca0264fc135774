// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ecumene::data::formats {

/// What a user's shell (ulimit) or a batch system limits of a process.
enum class ShellLimit {
  kMemory,     ///< address space, bytes: ulimit -v
  kFileSize,   ///< largest file that is written, bytes: ulimit -f
  kProcessor,  ///< processor time, seconds: ulimit -t
};

/// The limit in force in this process; none where there is none.
std::optional<std::uint64_t> shellLimit(ShellLimit limit);

/// "97 MiB (ulimit -v)"
std::string inWords(ShellLimit limit, std::uint64_t value);

/// "ulimit -v unlimited"
std::string liftedBy(ShellLimit limit);

}  // namespace ecumene::data::formats
