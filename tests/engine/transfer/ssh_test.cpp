// SPDX-License-Identifier: Apache-2.0
// With the daemon of another machine, through a real sshd on the loopback.
#include <gtest/gtest.h>

#include <cstdio>
#include <optional>
#include <set>

#include "engine/attach/tunnel.h"
#include "engine/transfer/pull.h"
#include "tests/engine/transfer/transferred.h"
#include "tests/support/ssh_host.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::transfer {
namespace {

namespace fs = std::filesystem;
using protocol::Client;
using test::what;

class TransferBySsh : public testing::Test {
 protected:
  TransferBySsh() {
    config::RunSpec spec = config::preset("nano");
    spec.train.device = "cpu";
    run::RunDirectory run = run::RunDirectory::create(here_ / "a", spec);
    for (int step = 1; step <= 300; ++step) run.metrics(step, {{"loss.total", 1.0 / step}});
    run.setState(run::State::kStopped);
    for (const int step : {5, 10}) test::writeCheckpoint(here_ / "a", step, 5, 9000000);
  }
  ~TransferBySsh() override {
    client_.reset();
    // The daemon there outlives its tunnels.
    const fs::path socket = host_.there() / "run" / "ecumene" / "daemon.sock";
    if (fs::exists(socket)) Client(socket, "test").call(&wire::Session::Stub::Shutdown, wire::ShutdownRequest());
  }
  Client& attached() {
    client_.reset();
    tunnel_.emplace(attach::Destination{"pod", test::programFolder() + "/ecumenectl", host_.clientConfig()},
                    here_ / "s");
    return client_.emplace(tunnel_->socket(), "test");
  }
  /// Cuts the connections once so many bytes are there.
  Going cutAt(std::uint64_t bytes) {
    return [this, bytes, cut = false](std::uint64_t done, std::uint64_t) mutable {
      if (done >= bytes && !std::exchange(cut, true)) host_.cut();
      return true;
    };
  }

  test::SshHost host_;
  test::TempFolder here_;
  std::optional<attach::Tunnel> tunnel_;
  std::optional<Client> client_;
};

TEST_F(TransferBySsh, GoesOnBehindCutsBothWays) {
  int cuts = 0;
  for (const std::uint64_t at : {1500000U, 8000000U, 12000000U}) {
    const Error lost = test::errorOf([&] { push(attached(), what("run", "a"), here_ / "a", cutAt(at)); });
    EXPECT_TRUE(protocol::isUnreachable(lost)) << lost.what();
    EXPECT_TRUE(attached().call(&wire::Runs::Stub::List, wire::ListRunsRequest()).runs().empty());
    ++cuts;
  }
  push(attached(), what("run", "a"), here_ / "a", test::onward);
  const fs::path there = host_.there() / "data" / "ecumene" / "runs" / "a";
  EXPECT_EQ(test::contentOf(there), test::contentOf(here_ / "a"));
  const fs::path back = here_ / "back";
  std::uint64_t most = 0;
  for (const std::uint64_t at : {500000U, 7000000U, 14000000U}) {
    const Error lost = test::errorOf([&] { pull(attached(), what("run", "a"), back, cutAt(at)); });
    EXPECT_TRUE(protocol::isUnreachable(lost)) << lost.what();
    EXPECT_FALSE(fs::exists(back));
    most = at;
    ++cuts;
  }
  EXPECT_LT(pull(attached(), what("run", "a"), back, test::onward).moved, 19000000U - most);
  EXPECT_EQ(test::contentOf(back), test::contentOf(here_ / "a"));
  test::expectSameJournal(back, here_ / "a");
  std::printf("%d cuts, 0 bytes lost\n", cuts);
}

}  // namespace
}  // namespace ecumene::engine::transfer
