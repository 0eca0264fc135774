// SPDX-License-Identifier: Apache-2.0
#include "data/formats/files.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "data/base/error.h"
#include "data/formats/registry.h"

namespace ecumene::data::formats {
namespace {

namespace fs = std::filesystem;

/// Files that are read with others, or are for people.
constexpr auto kBeside = std::to_array<std::string_view>({"planet.json", "namelists.txt", "reference_values.json"});

bool isBeside(const fs::path& path) {
  const std::string file = path.filename().string();
  return file.starts_with('.') || path.extension() == ".md" || path.extension() == ".license" ||
         file.starts_with("LICENSE") || std::find(kBeside.begin(), kBeside.end(), file) != kBeside.end();
}

bool isArchive(const fs::path& path) {
  return std::any_of(formats().begin(), formats().end(),
                     [&](const Format& format) { return !format.ending.empty() && path.extension() == format.ending; });
}

bool isFile(const fs::path& path) {
  std::error_code unreadable;  // a dangling or looping link is no file
  return fs::is_regular_file(path, unreadable);
}

}  // namespace

std::vector<fs::path> filesIn(const fs::path& folder, const std::stop_token& stop) {
  std::vector<fs::path> files;
  std::error_code problem;
  fs::recursive_directory_iterator walk(folder, problem);
  for (const fs::recursive_directory_iterator end; !problem && walk != end; walk.increment(problem)) {
    if (stop.stop_requested()) throw Error("looking for files was cancelled", ErrorKind::kCancelled);
    if (!isBeside(walk->path()) && isFile(walk->path())) files.push_back(walk->path());
  }
  if (problem) throw Error("cannot walk the folder: " + problem.message()).on(folder.string());
  if (files.empty()) throw Error("the folder holds no file to import").on(folder.string());
  const std::set<fs::path> tables = tablesOfArchives(files);
  std::erase_if(files, [&](const fs::path& file) { return tables.contains(file.lexically_normal()); });
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> filesBeside(const fs::path& file) {
  std::vector<fs::path> there;
  for (const fs::path& path : filesToRead(file)) {
    if (path != file && isFile(path) && std::find(there.begin(), there.end(), path) == there.end())
      there.push_back(path);
  }
  return there;
}

std::set<fs::path> tablesOfArchives(const std::vector<fs::path>& files) {
  std::set<fs::path> tables;
  for (const fs::path& file : files) {
    if (!isArchive(file)) continue;
    for (const fs::path& beside : filesBeside(file)) tables.insert(beside.lexically_normal());
  }
  return tables;
}

}  // namespace ecumene::data::formats
