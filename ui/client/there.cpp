// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/there.h"

#include <unistd.h>

#include <atomic>

#include "engine/protocol/socket.h"

namespace ecumene::ui::client {

Client::Dial dialThere(const engine::attach::Destination& to, const engine::attach::Asking& asking) {
  static std::atomic<int> number = 0;
  const std::filesystem::path socket = engine::protocol::defaultSocket().parent_path() /
                                       ("w" + std::to_string(::getpid()) + "-" + std::to_string(++number));
  const auto tunnel = std::make_shared<std::unique_ptr<engine::attach::Tunnel>>();
  return [to, asking, socket, tunnel](const std::stop_token& stop) {
    engine::protocol::secureSocketFolder(socket);
    tunnel->reset();
    *tunnel = std::make_unique<engine::attach::Tunnel>(to, socket, asking, stop);
    return std::make_shared<Daemon>(socket, "ecumene " ECUMENE_VERSION, stop);
  };
}

}  // namespace ecumene::ui::client
