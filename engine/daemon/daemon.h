// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ecumene::engine::daemon {

/// What a daemon is started with.
struct Settings {
  std::filesystem::path socket;    ///< engine/protocol/socket.h
  std::filesystem::path runs;      ///< folder whose folders are the runs
  std::filesystem::path programs;  ///< folder of ecumene-train and ecumene-data
  std::map<std::string, std::filesystem::path> stores;
  std::string onAlert;  ///< the user's command for the shell where a rule comes to hold; empty: none
  std::string program;  ///< "ecumened 0.1.0"
  /// Most bytes of memory for a model that is asked; none: what is available.
  std::optional<std::int64_t> inspectBytes = {};
};

/// The daemon: it serves ecumene.proto on its socket, while it lives. Nothing that it started ends with it.
class Daemon {
 public:
  /// Takes socket and folder of the runs, adopts what runs, and serves. Throws Error if another daemon has either.
  explicit Daemon(Settings setup);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// A client has asked it to end.
  [[nodiscard]] bool askedToEnd() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ecumene::engine::daemon
