// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// All formats, in the order in which they are tried.
std::span<const Format> formats();

/// Options that every format obeys: format, planet, licence.
std::span<const OptionInfo> commonOptions();

/// Throws Error (kUsage) if a key is read by no format, or a value of `format` is none of theirs.
void checkOptions(const ImportOptions& options);

/// The one format of a file, by content, then name, or by `--set format=`. Throws Error if no format or several fit; it
/// lists what was tried and the option that settles it.
const Format& detect(const std::filesystem::path& path, const ImportOptions& options);

/// The file itself and all beside it that a reader may open: what the formats declare, and FILE.license.
std::vector<std::filesystem::path> filesToRead(const std::filesystem::path& path);

/// Detects and reads one file in this process, validates what came out and completes the provenance: file name,
/// sha-256, reader, assumptions, licence. Untrusted files belong into a child process: import_child.h.
planet::Import importFile(const std::filesystem::path& path, const ImportOptions& options);

/// The same of a file whose format detect() gave.
planet::Import importAs(const Format& format, const std::filesystem::path& path, const ImportOptions& options);

}  // namespace ecumene::data::formats
