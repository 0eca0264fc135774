// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/attach/tunnel.h"
#include "engine/protocol/client.h"
#include "tests/support/ssh_host.h"

namespace ecumene::bench {

/// Another machine whose daemon serves a store of this one: tests/support/ssh_host.h, so the way there costs what ssh
/// costs, and no distance. The daemon ends with it.
class FarHost {
 public:
  explicit FarHost(const std::filesystem::path& store) {
    std::filesystem::create_directory_symlink(std::filesystem::absolute(store), host_.there() / "store");
  }
  ~FarHost() {
    const std::filesystem::path socket = host_.there() / "run" / "ecumene" / "daemon.sock";
    if (!std::filesystem::exists(socket)) return;
    try {
      engine::protocol::Client(socket, "bench").endDaemon();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "the daemon behind ssh did not end: %s\n", error.what());
    }
  }
  FarHost(const FarHost&) = delete;
  FarHost& operator=(const FarHost&) = delete;

  [[nodiscard]] engine::attach::Destination destination() const {
    return {"pod", test::programFolder() + "/ecumenectl", host_.clientConfig()};
  }

 private:
  test::SshHost host_;
};

}  // namespace ecumene::bench
