// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// The refusal of a file that no format fits, or several: it names the nearest, and carries what each said.
class UnknownFormat : public Error {
 public:
  UnknownFormat(const Error& refusal, std::vector<std::string> looks) : Error(refusal), looks_(std::move(looks)) {}
  /// "sbml: not XML" for each format, the nearest first.
  [[nodiscard]] const std::vector<std::string>& looks() const { return looks_; }

 private:
  std::vector<std::string> looks_;
};

/// All formats, in the order in which they are tried.
std::span<const Format> formats();

/// Options that every format obeys: format, planet, licence.
std::span<const OptionInfo> commonOptions();

/// Throws Error (kUsage) if a key is read by no format, or a value of `format` is none of theirs.
void checkOptions(const ImportOptions& options);

/// The one format of a file, by content, then name, or by `--set format=`. Throws UnknownFormat if none or
/// several fit.
const Format& detect(const std::filesystem::path& path, const ImportOptions& options);

/// The file itself and all beside it that a reader may open: what the formats declare, and FILE.license.
std::vector<std::filesystem::path> filesToRead(const std::filesystem::path& path);

/// Reads a file of the format that detect() gave in this process, validates what comes out and completes the
/// provenance: file name, sha-256, reader, assumptions, licence. Untrusted files belong into a child process:
/// import_child.h. Gives at least one part.
void importParts(const Format& format, const std::filesystem::path& path, const ImportOptions& options,
                 const TakePart& take);

/// Detects and reads a file that gives one part. Throws Error if it holds several, and the part's own if that is
/// refused.
planet::Import importFile(const std::filesystem::path& path, const ImportOptions& options);

/// Keeps the one part of a file that is to hold no more: `take` for the functions that give parts.
class OnePart {
 public:
  explicit OnePart(std::string file) : file_(std::move(file)) {}
  TakePart take();
  /// Throws the part's Error if it was refused, and one of its own if there was none.
  planet::Import import();

 private:
  std::string file_;
  std::optional<ImportedPart> part_;
};

}  // namespace ecumene::data::formats
