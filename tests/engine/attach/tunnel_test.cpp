// SPDX-License-Identifier: Apache-2.0
// Against a real sshd on the loopback.
#include "engine/attach/tunnel.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <optional>
#include <thread>

#include "engine/protocol/client.h"
#include "tests/support/ssh_host.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::attach {
namespace {

namespace fs = std::filesystem;
using protocol::Client;

class TunnelTest : public testing::Test {
 protected:
  ~TunnelTest() override {
    // The daemon there outlives its tunnels.
    const fs::path socket = host_.there() / "run" / "ecumene" / "daemon.sock";
    if (fs::exists(socket)) Client(socket, "test").call(&wire::Session::Stub::Shutdown, wire::ShutdownRequest());
  }
  [[nodiscard]] Destination pod() const { return {"pod", test::programFolder() + "/ecumenectl", host_.clientConfig()}; }
  [[nodiscard]] fs::path here() const { return here_ / "s"; }
  /// What every login runs in place of what it is asked to.
  void forceCommand(const std::string& command) const {
    const std::string program = host_.folder() / "forced";
    std::ofstream(program) << "#!/bin/sh\n" << command << "\n";
    fs::permissions(program, fs::perms::owner_all);
    std::ifstream key(host_.folder() / "client.pub");
    std::ofstream(host_.folder() / "authorized") << "command=\"" << program << "\" " << key.rdbuf();
  }
  [[nodiscard]] Error refusal(const Destination& to) const {
    return test::errorOf([&] { const Tunnel tunnel(to, here()); });
  }

  test::SshHost host_;
  test::TempFolder here_;
};

TEST_F(TunnelTest, StartsTheDaemonThereOnceAndReachesIt) {
  std::int64_t first = 0;
  for (int i = 0; i < 2; ++i) {
    const Tunnel tunnel(pod(), here());
    EXPECT_TRUE(tunnel.alive());
    const Client client(tunnel.socket(), "test");
    EXPECT_EQ(client.daemon().runs(), (host_.there() / "data" / "ecumene" / "runs").string());
    if (i == 0) first = client.daemon().pid();
    EXPECT_EQ(client.daemon().pid(), first);
  }
  EXPECT_TRUE(fs::is_empty(here_.path()));
}

TEST_F(TunnelTest, AfterACutAnotherOneFindsTheSameDaemon) {
  std::optional<Tunnel> tunnel;
  tunnel.emplace(pod(), here());
  std::optional<Client> client;
  client.emplace(tunnel->socket(), "test");
  const std::int64_t pid = client->daemon().pid();
  for (int i = 0; i < 3; ++i) {
    host_.cut();
    const Error lost = test::errorOf([&] {
      for (int calls = 0; calls < 500; ++calls) {
        (void)client->call(&wire::Runs::Stub::List, wire::ListRunsRequest());
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    });
    EXPECT_TRUE(protocol::isUnreachable(lost)) << lost.what();
    client.reset();
    tunnel.emplace(pod(), here());
    client.emplace(tunnel->socket(), "test");
    EXPECT_EQ(client->daemon().pid(), pid);
  }
}

TEST_F(TunnelTest, SaysWhatWasRefusedAndWhatToDo) {
  host_.writeClientConfig("other-client", "yes");
  EXPECT_EQ(refusal(pod()).failure(), "the other machine refuses this login");
  host_.writeClientConfig("client", "yes");
  host_.know("other-host");
  EXPECT_EQ(refusal(pod()).failure(), "the other machine shows another key than it did before");
  EXPECT_NE(refusal(pod()).nextStep().find("ssh-keygen -R pod"), std::string::npos);
  host_.know("host");
  Destination without = pod();
  without.program = "/nonexistent/ecumenectl";
  EXPECT_EQ(refusal(without).failure(), "the other machine has no Ecumene");
  Destination nowhere = pod();
  nowhere.host = "nowhere";
  EXPECT_EQ(refusal(nowhere).failure(), "there is no such machine");
  host_.stop();
  EXPECT_EQ(refusal(pod()).failure(), "the other machine takes no ssh connections");
  EXPECT_TRUE(fs::is_empty(here_.path()));
}

TEST_F(TunnelTest, FindsTheAnswerAmongWhatTheLoginPrints) {
  forceCommand("echo 'Dear {user}, {\"a\": {}}'; eval \"$SSH_ORIGINAL_COMMAND\"");
  const Tunnel tunnel(pod(), here());
  EXPECT_GT(Client(tunnel.socket(), "test").daemon().pid(), 0);
}

TEST_F(TunnelTest, ALoginThatDoesSomethingElseIsRefusedWithWhatItPrinted) {
  forceCommand("echo only backups here");
  const Error ended = refusal(pod());
  EXPECT_EQ(ended.kind(), ErrorKind::kInput);
  EXPECT_NE(ended.finding().find("only backups here"), std::string::npos) << ended.what();
  forceCommand("echo only backups here; exec cat");
  Destination impatient = pod();
  impatient.patience = std::chrono::seconds(2);
  const Error waited = refusal(impatient);
  EXPECT_EQ(waited.failure(), "the other machine does not say where its daemon is");
  EXPECT_NE(waited.finding().find("only backups here"), std::string::npos) << waited.what();
  EXPECT_TRUE(fs::is_empty(here_.path()));
}

TEST_F(TunnelTest, AQuestionMayTakeLongerThanTheProgramThere) {
  host_.knowNobody();
  host_.writeClientConfig("client", "ask");
  const std::string program = host_.folder() / "late";
  std::ofstream(program) << "#!/bin/sh\nsleep 6\necho yes\n";
  fs::permissions(program, fs::perms::owner_all);
  Destination to = pod();
  to.patience = std::chrono::seconds(5);
  const Tunnel tunnel(to, here(), {program, {}});
  EXPECT_TRUE(tunnel.alive());
}

TEST_F(TunnelTest, AHostileNameIsNoOption) {
  for (const char* host : {"-oProxyCommand=touch /tmp/ecumene-was-here", "", "pod\nUser root"}) {
    Destination to = pod();
    to.host = host;
    EXPECT_EQ(refusal(to).kind(), ErrorKind::kUsage) << host;
  }
  // For the shell over there it is a word, not a command.
  Destination to = pod();
  to.program = "x'; touch " + (here_ / "was-here").string() + "; '";
  EXPECT_EQ(refusal(to).failure(), "the other machine has no Ecumene");
  EXPECT_TRUE(fs::is_empty(here_.path()));
}

TEST_F(TunnelTest, QuestionsGoToTheAskingProgram) {
  host_.knowNobody();
  host_.writeClientConfig("client", "ask");
  const auto answering = [&](const char* answer) {
    const std::string program = host_.folder() / "ask";
    std::ofstream(program) << "#!/bin/sh\necho \"$1\" >> '" << (host_.folder() / "asked").string() << "'\necho "
                           << answer << "\n";
    fs::permissions(program, fs::perms::owner_all);
    return Asking{program, {}};
  };
  EXPECT_EQ(test::errorOf([&] { const Tunnel tunnel(pod(), here(), answering("no")); }).failure(),
            "the other machine's key was not accepted");
  const Tunnel tunnel(pod(), here(), answering("yes"));
  EXPECT_GT(Client(tunnel.socket(), "test").daemon().pid(), 0);
  std::ifstream asked(host_.folder() / "asked");
  const std::string all{std::istreambuf_iterator<char>(asked), {}};
  EXPECT_NE(all.find("authenticity of host"), std::string::npos) << all;
}

TEST_F(TunnelTest, CanBeGivenUp) {
  host_.knowNobody();
  host_.writeClientConfig("client", "ask");
  const std::string program = host_.folder() / "slow";
  std::ofstream(program) << "#!/bin/sh\nsleep 60\n";
  fs::permissions(program, fs::perms::owner_all);
  std::stop_source stop;
  const std::jthread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    stop.request_stop();
  });
  const Error given = test::errorOf([&] { const Tunnel tunnel(pod(), here(), {program, {}}, stop.get_token()); });
  EXPECT_EQ(given.kind(), ErrorKind::kCancelled);
  EXPECT_TRUE(fs::is_empty(here_.path()));
}

}  // namespace
}  // namespace ecumene::engine::attach
