// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <set>
#include <stop_token>
#include <string_view>
#include <vector>

#include "data/base/error.h"

namespace ecumene::data::formats {

/// Which files an import reads. Those who send files to a daemon ask the same functions; they look at names, and open
/// nothing but the headers of exported spectra.

/// What lies in a folder and is not imported with it.
struct PassedBy {
  std::filesystem::path path;
  std::string_view what;  ///< "a store of planets", "a link to a folder"
};

struct FolderContents {
  std::vector<std::filesystem::path> files;
  std::vector<PassedBy> own;     ///< folders that Ecumene keeps for itself, not entered
  std::vector<PassedBy> others;  ///< links to folders, pipes and such
  /// Networks and simulated spectra that an export wrote beside the climate of their planet, whose import makes them
  /// again: their own import would make a planet of each.
  std::vector<std::filesystem::path> ofClimates;
  std::vector<Error> closed;  ///< folders in it that cannot be read
};

/// The files of a folder and of the folders in it, by name, without those that lie beside data: planet.json, licences,
/// what is for people, hidden files and folders, tables of archives. Links to folders are not followed. Throws Error if
/// the folder cannot be read or holds none; kCancelled at a stop.
FolderContents contentsOf(const std::filesystem::path& folder, const std::stop_token& stop = {});
/// The files alone. Throws Error also where a folder in it cannot be read.
std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder, const std::stop_token& stop = {});

/// Those of filesToRead() (registry.h) beside a file that are there: planet.json, FILE.license, an archive's tables.
std::vector<std::filesystem::path> filesBeside(const std::filesystem::path& file);

/// The tables beside the archives among these files. They are read with the archives and are no imports.
std::set<std::filesystem::path> tablesOfArchives(const std::vector<std::filesystem::path>& files);

}  // namespace ecumene::data::formats
