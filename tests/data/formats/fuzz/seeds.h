// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/formats/common/format.h"

namespace ecumene::test {

/// A small sound file that forgeries begin with.
struct Seed {
  std::string format;  ///< name in the registry
  std::string file;    ///< path below the folder that the seed is written into
  std::string content;
  std::string beside;         ///< path of a file that is read with it; empty: none
  std::string besideContent;  ///< its content
  /// Its decoder is ours to the last byte, so a crash in it is a defect of ours. Where another library reads the file
  /// (NetCDF, libSBML, CFITSIO), a forgery may kill the child, and nothing else.
  bool ours = true;
  data::formats::ImportOptions options;
};

/// At least one for each format of the registry.
std::vector<Seed> seeds();

/// What the seed is imported with: its own options, its format and a planet.
data::formats::ImportOptions optionsOf(const Seed& seed);

/// Writes the seed, and what belongs beside it, into a folder; the file's path.
std::filesystem::path write(const Seed& seed, const std::filesystem::path& folder);

}  // namespace ecumene::test
