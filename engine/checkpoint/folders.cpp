// SPDX-License-Identifier: Apache-2.0
// Which checkpoints a run has, and which of them stay.
#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/checkpoint/checkpoint.h"

namespace ecumene::engine::checkpoint {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "step-";
constexpr std::string_view kRemoved = ".removed";

/// The step that a folder's name says; none for any other name.
std::optional<std::int64_t> stepOf(const fs::path& folder) {
  const std::string name = folder.filename().string();
  if (!name.starts_with(kPrefix)) return std::nullopt;
  std::int64_t step = 0;
  const char* end = name.data() + name.size();
  const auto [stop, problem] = std::from_chars(name.data() + kPrefix.size(), end, step);
  if (problem != std::errc() || stop != end || step < 0 || folderOf({}, step).string() != name) return std::nullopt;
  return step;
}

}  // namespace

std::vector<std::int64_t> steps(const fs::path& checkpoints) {
  std::vector<std::int64_t> found;
  if (!fs::is_directory(checkpoints)) return found;
  for (const fs::directory_entry& entry : fs::directory_iterator(checkpoints)) {
    if (const std::optional<std::int64_t> step = stepOf(entry.path())) found.push_back(*step);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::optional<fs::path> newest(const fs::path& checkpoints, std::vector<std::string>* skipped) {
  while (true) {
    const std::vector<std::int64_t> all = steps(checkpoints);
    std::vector<std::string> damaged;
    for (auto step = all.rbegin(); step != all.rend(); ++step) {
      const fs::path folder = folderOf(checkpoints, *step);
      try {
        verify(folder);
        if (skipped != nullptr) *skipped = std::move(damaged);
        return folder;
      } catch (const Error& error) {
        damaged.emplace_back(error.what());
      }
    }
    // A trainer at work may have replaced what was listed by newer ones.
    if (steps(checkpoints) != all) continue;
    if (skipped != nullptr) *skipped = std::move(damaged);
    return std::nullopt;
  }
}

void prune(const fs::path& checkpoints, std::int64_t keepLast, std::int64_t bestStep, std::int64_t written) {
  std::vector<std::int64_t> all = steps(checkpoints);
  std::erase_if(all, [written](std::int64_t step) { return step > written; });
  if (keepLast < 1) throw internalError("a run keeps at least one checkpoint");
  const std::size_t kept = std::min(static_cast<std::size_t>(keepLast), all.size());
  for (std::size_t i = 0; i + kept < all.size(); ++i) {
    if (all[i] == bestStep) continue;
    const fs::path folder = folderOf(checkpoints, all[i]);
    // Under its own name a folder is whole at every moment.
    fs::path removed = folder;
    removed += kRemoved;
    std::error_code problem;
    fs::remove_all(removed, problem);
    if (!problem) fs::rename(folder, removed, problem);
    if (!problem) fs::remove_all(removed, problem);
    if (problem) throw systemError("cannot remove an old checkpoint", folder.string(), problem.value());
  }
}

void sweep(const fs::path& checkpoints) {
  if (!fs::is_directory(checkpoints)) return;
  std::vector<fs::path> left;
  for (const fs::directory_entry& entry : fs::directory_iterator(checkpoints)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kPrefix) && (name.ends_with(".incomplete") || name.ends_with(kRemoved))) {
      left.push_back(entry.path());
    }
  }
  for (const fs::path& folder : left) {
    std::error_code problem;
    fs::remove_all(folder, problem);
    if (problem) throw systemError("cannot remove an unfinished checkpoint", folder.string(), problem.value());
  }
}

}  // namespace ecumene::engine::checkpoint
