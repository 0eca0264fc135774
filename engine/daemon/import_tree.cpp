// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/import_tree.h"

#include <cerrno>
#include <cstdlib>
#include <set>

#include "data/base/error.h"
#include "engine/protocol/import_path.h"

namespace ecumene::engine::daemon {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBegun = "begun-";

void requireTree(const std::vector<ImportFile>& files) {
  std::set<std::string_view> paths;
  for (const ImportFile& file : files) {
    protocol::requireImportPath(file.path);
    if (paths.insert(file.path).second) continue;
    throw Error("two files of the import have one path", ErrorKind::kUsage).on(file.path);
  }
  for (const std::string_view path : paths) {
    for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
      if (!paths.contains(path.substr(0, slash))) continue;
      throw Error("a file of the import is the folder of another", ErrorKind::kUsage)
          .on(std::string(path.substr(0, slash)))
          .found(std::string(path));
    }
  }
}

void place(const fs::path& upload, const fs::path& target, const std::string& path) {
  std::error_code problem;
  fs::create_directories(target.parent_path(), problem);
  if (problem) throw systemError("cannot make the folder of the file", path, problem.value());
  fs::create_hard_link(upload, target, problem);
  if (!problem) return;
  transfer::Uploads::requireRoom(target.parent_path(), fs::file_size(upload), path);
  fs::copy_file(upload, target, problem);
  if (problem) throw systemError("cannot place the file", path, problem.value());
}

}  // namespace

ImportTree::ImportTree(const std::vector<ImportFile>& files, const transfer::Uploads& uploads,
                       const fs::path& scratch) {
  requireTree(files);
  std::string name = (scratch / kBegun).string() + "XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw systemError("cannot make a folder for the import", name, errno);
  folder_ = name;
  try {
    for (const ImportFile& file : files) place(uploads.whole(file.upload), folder_ / file.path, file.path);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    throw;
  }
}

ImportTree::~ImportTree() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

void ImportTree::moveTo(const fs::path& folder) {
  fs::remove_all(folder);
  fs::rename(folder_, folder);
  folder_.clear();
}

void ImportTree::removeLeftOver(const fs::path& scratch) {
  std::vector<fs::path> leftOver;
  for (const auto& entry : fs::directory_iterator(scratch)) {
    if (entry.path().filename().string().starts_with(kBegun)) leftOver.push_back(entry.path());
  }
  std::error_code ignored;
  for (const fs::path& folder : leftOver) fs::remove_all(folder, ignored);
}

}  // namespace ecumene::engine::daemon
