// SPDX-License-Identifier: Apache-2.0
// A session with a real daemon and a real trainer, as a person has it.
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <set>
#include <thread>

#include "tests/app/session.h"
#include "tests/support/terminal.h"

namespace ecumene {
namespace {

using test::Finished;
using test::Json;
using test::Session;

TEST(Session, LaunchesSteersStopsAndGoesOn) {
  Session session;
  const Json launched = session.launch("a", "500");
  EXPECT_EQ(launched.at("slot"), "cpu");
  EXPECT_EQ(launched.at("preset"), "nano");
  EXPECT_EQ(launched.at("store"), "six");
  // The slot is taken: the second waits, and can be taken from the queue.
  EXPECT_EQ(session.launch("b", "1").at("state"), "queued");
  EXPECT_EQ(session.ctl({"stop", "b"}).code, 0);
  EXPECT_EQ(session.state("b"), "new");
  EXPECT_EQ(session.ctl({"launch", "--preset", "nano", "--name", "a"}).code, 1);
  EXPECT_NE(session.ctl({"log", "b"}).out.find("nothing was printed"), std::string::npos);

  session.waitForStep("a", 2);
  EXPECT_NE(session.ctl({"log", "a"}).out.find("loss"), std::string::npos);
  EXPECT_EQ(session.ctl({"pause", "a"}).code, 0);
  const Json paused = session.waitForState("a", "paused");
  EXPECT_EQ(session.ctl({"pause", "a"}).code, 1);
  EXPECT_EQ(session.run("a").at("step"), paused.at("step"));
  EXPECT_EQ(session.json({"checkpoint", "a"}).at("command").at("state"), "done");
  EXPECT_EQ(session.ctl({"set", "a", "train.lr=1e-5"}).code, 0);
  const Finished refused = session.ctl({"set", "a", "train.seed=7"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.out.find("cannot be changed"), std::string::npos) << refused.out;
  EXPECT_EQ(session.ctl({"extend", "a", "epochs=+2"}).code, 0);
  EXPECT_EQ(session.ctl({"resume", "a"}).code, 0);
  const Json running = session.waitForStep("a", paused.at("step").get<std::int64_t>() + 1);
  EXPECT_EQ(running.at("epochs"), 502);

  EXPECT_EQ(session.ctl({"stop", "a"}).code, 0);
  session.waitForState("a", "stopped");
  EXPECT_EQ(session.ctl({"checkpoint", "a"}).code, 1);
  EXPECT_EQ(session.ctl({"resume", "a"}).code, 0);
  session.waitForStep("a", running.at("step").get<std::int64_t>() + 2);
  EXPECT_EQ(session.ctl({"stop", "a"}).code, 0);
  const Json stopped = session.waitForState("a", "stopped");

  // The journal says the same.
  const auto run = engine::run::RunDirectory::open(session.runs() / "a");
  EXPECT_EQ(run.state(), engine::run::State::kStopped);
  EXPECT_EQ(run.metricsAfter(0).back().step, stopped.at("step"));
  double lastRate = 0.0;
  for (const auto& row : run.metricsAfter(0)) lastRate = row.name == "learning_rate" ? row.value : lastRate;
  EXPECT_LE(lastRate, 1e-5);
  // What was changed since counts: the rate, and the epochs.
  std::set<std::string> differ;
  const Json compared = session.json({"compare", "a", "b"});
  for (const Json& row : compared.at("differences")) differ.insert(row.at("key"));
  EXPECT_EQ(differ, (std::set<std::string>{"train.epochs", "train.lr"}));
  // It is shown as it goes by, beside what it was made with.
  const std::string shown = session.ctl({"show", "a"}).out;
  EXPECT_NE(shown.find("train.epochs = 502  (at first 500)\n"), std::string::npos) << shown;
  EXPECT_NE(shown.find("train.seed = 1\n"), std::string::npos) << shown;
  // What nobody can answer now is looked at, and is for the next start.
  for (const auto& [word, argument] : {std::pair{"set", "train.lr=nan"}, {"set", "foo"}, {"extend", "banana"}}) {
    const Finished nonsense = session.ctl({word, "a", argument});
    EXPECT_EQ(nonsense.code, word == std::string("set") ? 2 : 1) << argument << ": " << nonsense.out << nonsense.err;
    EXPECT_NE(nonsense.err, "") << argument;
  }
  const Finished waits = session.ctl({"extend", "a", "epochs=+1"});
  EXPECT_EQ(waits.code, 0);
  EXPECT_NE(waits.out.find("for its next start"), std::string::npos) << waits.out;
}

/// The last step that a watch has drawn; -1: none.
std::int64_t drawnStep(const std::string& screen) {
  const std::string before = "/500  step ";
  const std::size_t at = screen.rfind(before);
  return at == std::string::npos ? -1 : std::stoll(screen.substr(at + before.size()));
}

TEST(Session, AWatchInATerminalDrawsATableAndCtrlCLeavesTheRunAlone) {
  const std::string top = "\033[H", end = "\033[J";
  const auto drawings = [&](const std::string& screen) {
    int count = 0;
    for (std::size_t at = screen.find(top); at != std::string::npos; at = screen.find(top, at + 1)) ++count;
    return count;
  };
  Session session;
  session.launch("a", "500");
  session.waitForStep("a", 1);
  test::Terminal terminal({"ecumenectl", "--socket", session.socket(), "watch", "a"});
  ASSERT_TRUE(terminal.waitFor("loss.total")) << terminal.seen();
  const std::int64_t first = drawnStep(terminal.seen());
  for (int i = 0; i < 60 && drawnStep(terminal.seen()) <= first; ++i) {
    ASSERT_TRUE(terminal.waitFor(end, terminal.seen().size())) << terminal.seen();
  }
  EXPECT_GT(drawnStep(terminal.seen()), first) << "the table does not move";
  ASSERT_TRUE(terminal.seen().ends_with(end)) << "a drawing is on its way";
  const int before = drawings(terminal.seen());
  terminal.type("\x03");
  EXPECT_EQ(terminal.finish(), 0);
  EXPECT_EQ(drawings(terminal.seen()), before) << "it went on after Ctrl-C";
  const Json run = session.run("a");
  EXPECT_EQ(run.at("state"), "running");
  EXPECT_EQ(session.waitForStep("a", run.at("step").get<std::int64_t>() + 1).at("owner"), run.at("owner"));
  // All runs.
  test::Terminal all({"ecumenectl", "--socket", session.socket(), "watch"});
  EXPECT_TRUE(all.waitFor("running")) << all.seen();
  all.type("\x03");
  EXPECT_EQ(all.finish(), 0);
}

TEST(Session, KillingTheDaemonTouchesNoTraining) {
  Session session;
  session.launch("a", "500");
  session.launch("b", "1");
  const Json before = session.waitForStep("a", 2);
  constexpr int kKills = 3;
  Json after = before;
  for (int i = 0; i < kKills; ++i) {
    ::kill(session.daemonPid(), SIGKILL);
    // It makes steps while there is no daemon.
    const auto run = engine::run::RunDirectory::open(session.runs() / "a");
    const std::int64_t sequence = run.lastMetric();
    for (int j = 0; j < 300 && run.lastMetric() == sequence; ++j) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_GT(run.lastMetric(), sequence);
    ASSERT_EQ(session.start().code, 0);
    after = session.run("a");
    EXPECT_EQ(after.at("state"), "running");
    EXPECT_EQ(after.at("owner"), before.at("owner"));
    EXPECT_EQ(session.state("b"), "queued");
  }
  // A stranger kills the trainer: it is shown as that, and its slot is free.
  ::kill(after.at("owner").get<pid_t>(), SIGKILL);
  session.waitForState("a", "killed");
  session.waitForState("b", "finished");
  std::printf("%d kills of the daemon, 0 runs touched\n", kKills);
}

TEST(Session, ATrainerWhoseRunIsRemovedEndsAndLeavesItsPlace) {
  Session session;
  session.launch("gone", "500");
  session.waitForStep("gone", 1);
  const auto pid = session.run("gone").at("owner").get<pid_t>();
  std::filesystem::rename(session.runs() / "gone", session.runs().parent_path() / "elsewhere");
  bool lives = true;
  for (int i = 0; i < 600 && lives; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    lives = ::kill(pid, 0) == 0;
  }
  EXPECT_FALSE(lives);
  EXPECT_FALSE(std::filesystem::exists(session.runs() / "gone"));
  session.launch("next", "1");
  session.waitForStep("next", 1);
  EXPECT_EQ(session.ctl({"stop", "next"}).code, 0);
}

TEST(Session, ATrainerThatCannotBeginIsShownWithItsReason) {
  Session session;
  session.launch("a", "500");
  session.launch("b", "1");
  // What run "b" would read is gone when its turn comes.
  std::filesystem::remove(session.runs() / "b" / "tokenizer.model");
  session.waitForStep("a", 1);
  EXPECT_EQ(session.ctl({"stop", "a"}).code, 0);
  const Json failed = session.waitForState("b", "failed");
  EXPECT_NE(failed.at("reason").get<std::string>().find("tokenizer.model"), std::string::npos) << failed.dump();
}

TEST(Session, TwoClientsCannotStartARunTwice) {
  Session session;
  session.launch("a", "500");
  session.waitForStep("a", 1);
  EXPECT_EQ(session.ctl({"stop", "a"}).code, 0);
  session.waitForState("a", "stopped");
  std::vector<std::unique_ptr<test::Running>> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<test::Running>(
        std::vector<std::string>{"ecumenectl", "--socket", session.socket(), "resume", "a"}));
  }
  int started = 0;
  for (auto& client : clients) started += client->finish().code == 0 ? 1 : 0;
  EXPECT_EQ(started, 1);
  session.waitForStep("a", 1);
}

}  // namespace
}  // namespace ecumene
