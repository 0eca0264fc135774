// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QTemporaryDir>
#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "ui/client/client.h"

namespace ecumene::ui::client {

/// Folders of this machine that a window shows.
struct Folders {
  std::filesystem::path runs;                 ///< empty: those that the daemon serves already, or its default
  std::vector<std::filesystem::path> stores;  ///< those of the daemon are kept beside them
};

/// What a daemon of this machine serves.
struct Served {
  std::filesystem::path runs;                           ///< empty: no daemon was reached yet
  std::map<std::string, std::filesystem::path> stores;  ///< by their ids
};

/// The daemon of this machine that serves these folders: the one that runs, one that is started in its place because it
/// lacks a store (what it started goes on), or a new one; with a socket of its own where the usual one serves other
/// runs. `programs` is the folder of ecumened. `last` is what the daemon served that was reached before: where that one
/// has died, the new one serves it too. Waits until a stop is requested; throws Error.
std::shared_ptr<Daemon> reachHere(const Folders& folders, const std::filesystem::path& programs, Served& last,
                                  const std::stop_token& stop);

/// A daemon that ends with this program: for pictures, which leave nothing behind. It serves an empty folder of runs
/// where none is given.
class OwnDaemon {
 public:
  OwnDaemon(const Folders& folders, const std::filesystem::path& programs);
  ~OwnDaemon();
  OwnDaemon(const OwnDaemon&) = delete;
  OwnDaemon& operator=(const OwnDaemon&) = delete;

  /// Reaches it, or the one that has these runs already. Waits until a stop is requested; throws Error. Any thread.
  [[nodiscard]] std::shared_ptr<Daemon> reach(const std::stop_token& stop) const;

 private:
  const Folders folders_;
  QTemporaryDir folder_;
  QProcess process_;
};

}  // namespace ecumene::ui::client
