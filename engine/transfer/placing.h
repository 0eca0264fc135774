// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/transfer/files.h"
#include "engine/transfer/uploads.h"

namespace ecumene::engine::transfer {

enum class Kind { kRun, kMirror, kCheckpoint, kStore, kPlanet };

/// "run", "mirror", "checkpoint", "store", "planet". Throws Error (kUsage) at another word.
Kind kindOf(const std::string& word);

/// What came, and from where.
struct Came {
  Kind kind{};
  std::string host, id;  ///< of the machine, and of the run or store there
  std::vector<File> files;
};

/// Throws Error where `target` is there and not an empty folder; of a planet, whose target is a store, where it is
/// something else.
void requireFree(Kind kind, const std::filesystem::path& target);

/// Puts what is whole among the uploads in its place: every file and folder fsynced in a hidden folder beside the
/// target, looked at (is it a run, a store?), renamed. A planet is added to the store, which is made where it is
/// absent; true: the store had it already. The uploads stay. Throws Error; then there is nothing at the target. One
/// call at a time for a target.
bool place(const Came& came, const Uploads& uploads, const std::filesystem::path& target);

/// Makes a folder of files, each fsynced, from the uploads. Throws Error.
void buildFolder(const std::vector<File>& files, const Uploads& uploads, const std::filesystem::path& folder);

/// An absolute path without "..", and without a slash at its end.
std::filesystem::path targetOf(const std::filesystem::path& path);

/// A hidden folder beside `target` for what belongs to it: ".NAME.incoming".
std::filesystem::path besideOf(const std::filesystem::path& target, const char* what);

}  // namespace ecumene::engine::transfer
