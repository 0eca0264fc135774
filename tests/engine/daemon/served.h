// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/daemon/daemon.h"
#include "engine/protocol/client.h"
#include "engine/run/run_directory.h"
#include "tests/support/temp_folder.h"

namespace ecumene::test {

/// A daemon in this process, over runs in a fresh folder. No trainer is started by it: there are no programs.
class Served {
 public:
  Served() : daemon_(setup()) {}

  [[nodiscard]] engine::daemon::Settings setup() const {
    return {socket(), runs(), folder_ / "no-programs", {{"main", folder_ / "store"}}, "", "ecumened test"};
  }
  [[nodiscard]] std::filesystem::path socket() const { return folder_ / "run" / "d.sock"; }
  [[nodiscard]] std::filesystem::path runs() const { return folder_ / "runs"; }
  [[nodiscard]] const TempFolder& folder() const { return folder_; }
  engine::daemon::Daemon& daemon() { return daemon_; }
  [[nodiscard]] engine::protocol::Client client() const { return {socket(), "test"}; }
  [[nodiscard]] engine::run::RunDirectory make(const std::string& id) const {
    engine::config::RunSpec spec = engine::config::preset("nano");
    spec.data.store = (folder_ / "store").string();
    spec.train.device = "cpu";
    return engine::run::RunDirectory::create(runs() / id, spec);
  }

 private:
  TempFolder folder_;
  engine::daemon::Daemon daemon_;
};

}  // namespace ecumene::test
