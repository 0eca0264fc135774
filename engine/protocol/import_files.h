// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "engine/protocol/client.h"

namespace ecumene::engine::protocol {

/// What an import sends: the files that were named or lie in named folders, and what the importers read beside them
/// (data/formats/files.h), all with their paths below one folder.
struct ImportFiles {
  struct File {
    std::string path;     ///< below `base`
    bool beside = false;  ///< only read with others
  };
  std::filesystem::path base;  ///< the folder of named folders, and that of the folders of named files
  std::vector<File> files;     ///< by path
  std::vector<Error> refused;  ///< folders without files, files that cannot be read or sent
};

/// Looks for them, opening none. Throws Error where nothing is left to send; kCancelled at a stop.
ImportFiles filesToImport(const std::vector<std::filesystem::path>& named, const std::stop_token& stop = {});

/// What the sender of an import is told.
struct ImportTold {
  std::function<void(std::uint64_t sent, std::uint64_t total)> goes = {};  ///< bytes
  /// Another client sends a file of the same content and is waited for; or, false, that is over.
  std::function<void(const std::string& path, bool waits)> waits = {};
};

/// Sends them and begins one job of the daemon that imports them all. A file that cannot be read here joins `refused`,
/// and the others go on. What the end of another job removed of them meanwhile is sent again. Throws Error where
/// nothing was left to send, or the daemon or the way to it refuses; kCancelled at a stop.
wire::Job importFiles(Client& client, const std::string& store, const std::vector<std::string>& settings,
                      ImportFiles& given, const std::stop_token& stop = {}, const ImportTold& told = {});

}  // namespace ecumene::engine::protocol
