// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <thread>

#include "data/base/files.h"

namespace ecumene::engine::daemon {

/// A Unix socket that only this user reaches: mode 600, and every peer's user is asked of the kernel. Its folder must
/// be secured and locked by the caller: a socket that is there is a dead daemon's, and replaced.
class Listener {
 public:
  /// Listens; `take` gets each connection of this user, which is its from then on, on a thread of the listener.
  Listener(std::filesystem::path socket, std::function<void(int)> take);
  /// Removes the socket.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

 private:
  void work(const std::stop_token& stop);

  std::filesystem::path socket_;
  std::function<void(int)> take_;
  FileDescriptor listening_, wake_;
  std::jthread thread_;  ///< last: it uses the others
};

}  // namespace ecumene::engine::daemon
