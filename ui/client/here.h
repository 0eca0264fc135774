// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QTemporaryDir>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

#include "ui/client/client.h"

namespace ecumene::ui::client {

/// Folders of this machine that a window shows.
struct Folders {
  std::filesystem::path runs;                 ///< empty: those that the daemon serves already, or its default
  std::vector<std::filesystem::path> stores;  ///< those of the daemon are kept beside them
};

/// The daemon of this machine that serves these folders: the one that runs, one that is started in its place because it
/// lacks a store (what it started goes on), or a new one; with a socket of its own where the usual one serves other
/// runs. `programs` is the folder of ecumened. Waits until a stop is requested; throws Error.
std::shared_ptr<Daemon> reachHere(const Folders& folders, const std::filesystem::path& programs,
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
