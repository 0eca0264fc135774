// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/base/error.h"
#include "data/planet/collection.h"

namespace ecumene::data::formats {

/// What the user decided for files that do not say it themselves: the words after `--set`, key to value.
struct ImportOptions {
  std::map<std::string, std::string> set;  ///< "units.depth" -> "ppm"
  /// Told now and then how far the read of a large file is, 0 to 1; may be empty.
  std::function<void(double share)> tell = {};

  /// Value of a key; nullptr if the user did not give it.
  [[nodiscard]] const std::string* find(const std::string& key) const;
};

enum class Match {
  kNo,
  kNear,      ///< the right kind of file, but something that it needs is missing
  kPossible,  ///< nothing speaks against it
  kCertain,   ///< a signature of this format and of no other
};

/// A format's opinion of a file, with the reason in words for the message of an unknown file.
struct Sniff {
  Match match = Match::kNo;
  std::string why;  ///< "no '# %ECSV' line"
};

/// Bytes of the file's beginning that a sniff function is given.
inline constexpr std::size_t kHeadBytes = std::size_t{1} << 16U;

/// One option key that a format reads.
struct OptionInfo {
  std::string_view key;      ///< "units.depth"
  std::string_view meaning;  ///< one sentence
};

/// A planet of a file that holds many, read or refused by itself; of any other file, all that it gives.
struct ImportedPart {
  std::string name;                   ///< within the file: "simulation 1650"; empty: all of the file
  std::size_t at = 0, of = 1;         ///< its place among those asked for, from 0; how many they are
  planet::Import import = {};         ///< nothing where it was refused
  std::optional<Error> refusal = {};  ///< why it was not taken; the others go on
};
using TakePart = std::function<void(ImportedPart&& part)>;

/// A kind of file. Readers run in a short-lived child process (import_child.h) and may trust nothing in the file.
struct Format {
  std::string_view name;  ///< value of `--set format=`
  planet::ImportKind kind{};
  std::string_view reads;           ///< one sentence for people
  std::vector<OptionInfo> options;  ///< beside the common ones (registry.h)
  /// Paths from the file's folder that `read` may open too ("planet.json"); a '*' is the file's name without its
  /// ending. Any other file is out of reach (child/import_walls.h).
  std::vector<std::string_view> beside = {};
  /// Of the names of its files, where those beside them are tables that a walk through a folder passes by.
  std::string_view ending = {};
  /// Judges by content first, by name second. `head` holds at most kHeadBytes; of text files as plainText
  /// (text_file.h). May open the file; must not throw on a damaged one.
  Sniff (*sniff)(const std::filesystem::path& path, std::string_view head) = nullptr;
  /// Reads the whole file. Sets `planet`, `entries` or `texts`, `assumptions`, and `provenance.conversions`; the
  /// registry adds kind and the rest of the provenance. Throws Error, with the place in the file, if anything is
  /// missing, damaged or ambiguous.
  planet::Import (*read)(const std::filesystem::path& path, const ImportOptions& options) = nullptr;
  /// In place of `read` where a file holds many planets: gives them as they come. Throws Error, before it has given
  /// any, if the file as a whole is damaged.
  void (*readParts)(const std::filesystem::path& path, const ImportOptions& options, const TakePart& take) = nullptr;
};

}  // namespace ecumene::data::formats
