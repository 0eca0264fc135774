// SPDX-License-Identifier: Apache-2.0
// A session with another machine, through a real sshd on the loopback and with a real trainer there.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <thread>

#include "data/base/hash.h"
#include "engine/attach/tunnel.h"
#include "tests/app/session.h"
#include "tests/support/ssh_host.h"

namespace ecumene {
namespace {

namespace fs = std::filesystem;
using test::Finished;
using test::Json;

class PodSession : public testing::Test {
 protected:
  ~PodSession() override { (void)ctl({"daemon", "stop"}); }  // It outlives its tunnels.
  [[nodiscard]] Finished ctl(std::vector<std::string> words) const {
    words.insert(words.begin(), {"ecumenectl", "--socket", tunnel_.socket().string()});
    return test::runProgram(std::move(words));
  }
  [[nodiscard]] Json json(std::vector<std::string> words) const {
    words.emplace_back("--json");
    const Finished finished = ctl(words);
    EXPECT_EQ(finished.code, 0) << finished.err << finished.out;
    return finished.code == 0 ? Json::parse(finished.out) : Json();
  }
  [[nodiscard]] fs::path runsThere() const { return host_.there() / "data" / "ecumene" / "runs"; }

  test::SshHost host_;
  test::TempFolder here_;
  const engine::attach::Tunnel tunnel_{{"pod", test::programFolder() + "/ecumenectl", host_.clientConfig()},
                                       here_ / "s"};
};

std::map<std::string, std::string> filesOf(const fs::path& folder) {
  std::map<std::string, std::string> hashes;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) hashes[entry.path().lexically_relative(folder)] = sha256OfFile(entry.path());
  }
  return hashes;
}

TEST_F(PodSession, PlanetsGoThereARunTrainsThereAndItsCheckpointComesBack) {
  const test::Session here;
  const Json planets = here.json({"data", "list"}).at("planets");
  ASSERT_EQ(planets.size(), 6U);
  for (const Json& planet : planets) {
    const Finished pushed = ctl({"push", test::sixPlanets() + "/" + planet.at("id").get<std::string>()});
    ASSERT_EQ(pushed.code, 0) << pushed.err;
  }
  EXPECT_EQ(json({"data", "list"}).at("planets").size(), 6U);
  const Finished launched = ctl({"launch", "--preset", "nano", "--name", "a", "--slot", "cpu", "--no-eval", "--set",
                                 "train.epochs=1", "--set", "train.threads=1"});
  ASSERT_EQ(launched.code, 0) << launched.err;
  // It lasts until the run has ended.
  const Finished watched = ctl({"watch", "a"});
  EXPECT_EQ(watched.code, 0) << watched.err;
  EXPECT_NE(watched.out.find("a: finished"), std::string::npos) << watched.out;
  const fs::path copy = here_ / "checkpoint";
  const Finished pulled = ctl({"pull", "a/newest", "--to", copy.string()});
  ASSERT_EQ(pulled.code, 0) << pulled.err;
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(runsThere() / "a" / "checkpoints")) {
    newest = std::max(newest, entry.path());
  }
  EXPECT_GT(filesOf(copy).size(), 3U);
  EXPECT_EQ(filesOf(copy), filesOf(newest));
}

TEST(AttachWord, ComesBackFromACutAndFromADeadDaemonAndEndsWhereItIsRefused) {
  test::SshHost host;
  const test::TempFolder here;
  const std::string socket = here / "s";
  test::Running attached({"ecumenectl", "--socket", socket, "attach", "pod", "--ssh-config", host.clientConfig(),
                          "--program", test::programFolder() + "/ecumenectl"});
  const auto daemon = [&]() -> std::int64_t {
    const Finished status = test::runProgram({"ecumenectl", "--socket", socket, "daemon", "status", "--json"});
    return status.code == 0 ? Json::parse(status.out).at("pid").get<std::int64_t>() : 0;
  };
  const auto until = [&](const std::function<bool(std::int64_t)>& wanted) {
    std::int64_t pid = 0;
    for (int i = 0; i < 150 && !wanted(pid); ++i) {
      if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(200));
      pid = daemon();
    }
    return pid;
  };
  const auto any = [](std::int64_t pid) { return pid != 0; };
  const std::int64_t first = until(any);
  if (first == 0) {
    attached.signal(SIGTERM);
    FAIL() << attached.finish().err;
  }
  host.cut();
  EXPECT_EQ(until(any), first);  // it goes on over there
  ::kill(static_cast<pid_t>(first), SIGKILL);
  const std::int64_t second = until([&](std::int64_t pid) { return pid != 0 && pid != first; });
  EXPECT_NE(second, 0);
  EXPECT_NE(second, first);
  // A machine that is not the one it was is not tried again and again.
  host.know("other-host");
  host.cut();
  const Finished ended = attached.finish();
  EXPECT_NE(ended.code, 0);
  EXPECT_NE(ended.err.find("attached again"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("another key"), std::string::npos) << ended.err;
  ::kill(static_cast<pid_t>(second), SIGTERM);
}

}  // namespace
}  // namespace ecumene
