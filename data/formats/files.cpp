// SPDX-License-Identifier: Apache-2.0
#include "data/formats/files.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>

#include "data/base/error.h"
#include "data/formats/registry.h"
#include "data/planet/planet.h"

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

/// What is neither a file nor a folder, in words.
std::string_view oddity(const fs::path& path) {
  std::error_code problem;
  const fs::file_type type = fs::status(path, problem).type();
  if (fs::is_symlink(path, problem))
    return type == fs::file_type::directory ? "a link to a folder" : "a link that leads to no file";
  return type == fs::file_type::fifo ? "a pipe" : type == fs::file_type::socket ? "a socket" : "a device";
}

/// Whether an export gave the network this name as that of an archetype.
bool isArchetypes(std::string_view stem) {
  constexpr std::string_view kStart = "network-";
  if (!stem.starts_with(kStart)) return false;
  stem.remove_prefix(kStart.size());
  for (std::size_t a = 0; a < planet::kArchetypeCount; ++a) {
    const std::string kind = planet::idFromName(name(static_cast<planet::Archetype>(a))) + "-";
    if (!stem.starts_with(kind)) continue;
    const std::string_view variant = stem.substr(kind.size());
    if (!variant.empty() && variant.find_first_not_of("0123456789") == std::string_view::npos) return true;
  }
  return false;
}

/// Whether an export says in the spectrum's header that it is of a planet that is not observed.
bool isSimulated(const fs::path& path) {
  constexpr std::size_t kHeader = std::size_t{1} << 16U;
  std::string head(kHeader, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  constexpr std::string_view kOrigin = "# - {ecumene_origin: ";
  const std::size_t at = head.find(kOrigin);
  return at != std::string::npos &&
         !std::string_view(head).substr(at + kOrigin.size()).starts_with(planet::name(planet::Origin::kObserved));
}

/// Whether an export (data/formats/export) wrote the file beside the climate of its planet, whose import makes it
/// again.
bool isOfClimate(const fs::path& path) {
  const fs::path folder = path.parent_path();
  if (!isFile(folder / "climate.nc") || !isFile(folder / "planet.json")) return false;
  const std::string stem = path.stem().string();
  return (path.extension() == ".xml" && isArchetypes(stem)) ||
         (path.extension() == ".ecsv" && stem.starts_with("spectrum-") && isSimulated(path));
}

/// What Ecumene keeps in the folder for itself, by the files that make it so (data/store, engine/run,
/// engine/checkpoint); empty if nothing.
std::string_view ownFolder(const fs::path& folder) {
  struct Row {
    std::string_view what;
    std::array<const char*, 2> files;
  };
  static constexpr auto kRows = std::to_array<Row>({{"a store of planets", {"catalogue.sqlite", "planets"}},
                                                    {"a run", {"run.toml", "run.sqlite"}},
                                                    {"a checkpoint", {"manifest.json", "manifest.sha256"}}});
  for (const Row& row : kRows) {
    std::error_code problem;
    if (std::all_of(row.files.begin(), row.files.end(),
                    [&](const char* file) { return fs::exists(folder / file, problem); }))
      return row.what;
  }
  return {};
}

/// Whether a walk goes into the folder; what it does not enter for is told.
bool entered(const fs::path& folder, FolderContents& found) {
  if (folder.filename().string().starts_with('.')) return false;
  if (const std::string_view what = ownFolder(folder); !what.empty()) {
    found.own.push_back({folder, what});
    return false;
  }
  std::error_code problem;
  const fs::directory_iterator inside(folder, problem);
  if (problem) found.closed.push_back(systemError("cannot read the folder", folder.string(), problem.value()));
  return !problem;
}

}  // namespace

FolderContents contentsOf(const fs::path& folder, const std::stop_token& stop) {
  FolderContents found;
  std::error_code problem;
  fs::recursive_directory_iterator walk(folder, problem);
  if (problem) throw systemError("cannot read the folder", folder.string(), problem.value());
  if (const std::string_view what = ownFolder(folder); !what.empty()) {
    throw Error("the folder is " + std::string(what) + ", which is no file to import")
        .on(folder.string())
        .next("`ecumene-data export` writes planets of a store as files");
  }
  for (const fs::recursive_directory_iterator end; !problem && walk != end; walk.increment(problem)) {
    if (stop.stop_requested()) throw Error("looking for files was cancelled", ErrorKind::kCancelled);
    const fs::path& path = walk->path();
    std::error_code ignored;
    if (!walk->is_symlink(ignored) && walk->is_directory(ignored)) {
      if (!entered(path, found)) walk.disable_recursion_pending();
    } else if (isBeside(path)) {
      continue;
    } else if (!isFile(path)) {
      found.others.push_back({path, oddity(path)});
    } else if (isOfClimate(path)) {
      found.ofClimates.push_back(path);
    } else {
      found.files.push_back(path);
    }
  }
  if (problem) throw systemError("cannot read the folder", folder.string(), problem.value());
  if (found.files.empty() && found.closed.empty()) {
    Error none("the folder holds no file to import");
    for (const std::vector<PassedBy>* list : {&found.own, &found.others}) {
      if (!list->empty()) none.found(list->front().path.string() + ", " + std::string(list->front().what));
    }
    throw none.on(folder.string());
  }
  const std::set<fs::path> tables = tablesOfArchives(found.files);
  std::erase_if(found.files, [&](const fs::path& file) { return tables.contains(file.lexically_normal()); });
  std::sort(found.files.begin(), found.files.end());
  return found;
}

std::vector<fs::path> filesIn(const fs::path& folder, const std::stop_token& stop) {
  FolderContents found = contentsOf(folder, stop);
  if (!found.closed.empty()) throw Error(found.closed.front());
  return std::move(found.files);
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
