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

/// Sends them and begins one job of the daemon that imports them all. A file that cannot be read here joins `refused`,
/// and the others go on. What the end of another job removed of them meanwhile is sent again. `told(sent, total)` in
/// bytes. Throws Error where nothing was left to send, or the daemon or the way to it refuses; kCancelled at a stop.
wire::Job importFiles(Client& client, const std::string& store, const std::vector<std::string>& settings,
                      ImportFiles& given, const std::stop_token& stop = {},
                      const std::function<void(std::uint64_t sent, std::uint64_t total)>& told = {});

}  // namespace ecumene::engine::protocol
