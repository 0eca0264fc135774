// SPDX-License-Identifier: Apache-2.0
// What a run is shown as: never more than its journal, its lock and its process say.
#include <gtest/gtest.h>

#include <optional>

#include "engine/daemon/supervisor.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::daemon {
namespace {

using run::RunDirectory;
using run::State;

class Conditions : public ::testing::Test {
 protected:
  RunDirectory make(const std::string& id) {
    config::RunSpec spec = config::preset("nano");
    spec.train.device = "cpu";
    return RunDirectory::create(registry_.folder() / id, spec);
  }
  Supervisor& supervisor() {
    if (!supervisor_) supervisor_.emplace(registry_, stores_, Supervisor::Setup{folder_ / "no-programs", list()});
    return *supervisor_;
  }
  std::string stateOf(const std::string& id) { return supervisor().condition(id).state; }
  [[nodiscard]] std::filesystem::path list() const { return folder_ / "launches.sqlite"; }

  test::TempFolder folder_;
  Registry registry_{folder_ / "runs"};
  Stores stores_{{}};
  std::optional<Supervisor> supervisor_;
};

TEST_F(Conditions, OfARunThatSomebodyTrains) {
  std::optional<RunDirectory> run = make("r");
  EXPECT_EQ(stateOf("r"), "new");
  run->claim();
  EXPECT_EQ(stateOf("r"), "starting");
  run->setState(State::kRunning);
  const Condition running = supervisor().condition("r");
  EXPECT_EQ(running.state, "running");
  EXPECT_EQ(running.owner, ::getpid());
  EXPECT_EQ(running.slot, "cpu");
  run->setState(State::kPaused);
  EXPECT_EQ(stateOf("r"), "paused");
  run->setState(State::kFinished, "all epochs are done");
  EXPECT_EQ(stateOf("r"), "evaluating");
  run.reset();
  EXPECT_EQ(stateOf("r"), "finished");
  EXPECT_EQ(supervisor().condition("r").reason, "all epochs are done");
}

TEST_F(Conditions, OfARunWhoseTrainerEndedWithoutAWord) {
  for (const State state : {State::kRunning, State::kPaused}) {
    const std::string id(run::nameOf(state));
    make(id).setState(state);
    EXPECT_EQ(stateOf(id), "killed");
  }
}

TEST_F(Conditions, OfALaunchThatFailedBeforeItSaidAnything) {
  make("r").flush();
  supervisor().resume("r");  // There is no program.
  const Condition failed = supervisor().condition("r");
  EXPECT_EQ(failed.state, "failed");
  EXPECT_NE(failed.reason.find("ecumene-train"), std::string::npos) << failed.reason;
  // What an earlier training had said stays true until a new one says more.
  make("done").setState(State::kFinished, "all epochs are done");
  EXPECT_EQ(stateOf("done"), "finished");
}

TEST_F(Conditions, OfProcessesThatADaemonBeforeHadStarted) {
  make("alive").flush();
  make("dead").setState(State::kRunning);
  const ProcessId sleeper = startDetached({{"/bin/sleep", "100"}, {}}, folder_ / "log", folder_ / "log");
  ProcessId gone = sleeper;
  gone.started += 1;  // The number is used again by another process.
  {
    Launches launches(list());
    launches.put({"alive", Launch::State::kStarted, "cpu", true, 2e9, sleeper, 0.0, {}, {}});
    launches.put({"dead", Launch::State::kStarted, "gpu:0", true, 1.0, gone, 0.0, {}, {}});
  }
  EXPECT_EQ(stateOf("alive"), "starting");
  EXPECT_EQ(stateOf("dead"), "killed");
  EXPECT_NE(test::messageOf([&] { supervisor().resume("alive"); }).find("a process has it"), std::string::npos);
  // Its slot is taken, so another waits.
  make("next").flush();
  supervisor().resume("next");
  EXPECT_EQ(stateOf("next"), "queued");
  EXPECT_NE(test::messageOf([&] { supervisor().resume("next"); }).find("queue"), std::string::npos);
  // A daemon that ends and comes back finds the queue.
  supervisor_.reset();
  EXPECT_EQ(stateOf("next"), "queued");
  EXPECT_TRUE(supervisor().unqueue("next"));
  EXPECT_FALSE(supervisor().unqueue("next"));
  EXPECT_EQ(stateOf("next"), "new");
  ::kill(sleeper.pid, SIGKILL);
  while (!collect(sleeper.pid) && identify(sleeper.pid)) {
  }
}

TEST_F(Conditions, OfOneTrainedByHandTakeTheSlotToo) {
  RunDirectory byHand = make("hand");
  byHand.claim();
  byHand.setState(State::kRunning);
  make("next").flush();
  supervisor().resume("next");
  EXPECT_EQ(stateOf("next"), "queued");
  EXPECT_NE(test::messageOf([&] { supervisor().resume("hand"); }).find("a process has it"), std::string::npos);
}

TEST_F(Conditions, LaunchesThatAreWrongMakeNothing) {
  const auto refused = [&](const LaunchRequest& request) {
    const std::string message = test::messageOf([&] { supervisor().launch(request); });
    EXPECT_TRUE(registry_.ids().empty());
    return message;
  };
  EXPECT_NE(refused({"", "mano", "main", {}, {}, "cpu", true}).find("nano"), std::string::npos);
  EXPECT_NE(refused({"", "nano", "none", {}, {}, "cpu", true}).find("no such store"), std::string::npos);
  EXPECT_NE(refused({"../r", "nano", "main", {}, {}, "cpu", true}).find("no run's name"), std::string::npos);
  EXPECT_NE(refused({"", "nano", "main", {}, {"none"}, "cpu", true}).find("no such run"), std::string::npos);
  EXPECT_NE(refused({"", "nano", "main", {}, {}, "gpu:63", true}).find("no such GPU"), std::string::npos);
  EXPECT_NE(refused({"", "nano", "main", {"train.lrr=1"}, {}, "cpu", true}).find("train.lr"), std::string::npos);
  for (const char* path : {"data.store=/etc", "data.tokeniser=/etc/passwd", "train.begin=/root", "train.device=cuda"}) {
    EXPECT_NE(refused({"", "nano", "main", {path}, {}, "cpu", true}).find("does not set"), std::string::npos) << path;
  }
}

TEST_F(Conditions, RunsThatAreReplacedAreReadAnew) {
  make("r").setState(State::kFinished, "first");
  EXPECT_EQ(supervisor().condition("r").reason, "first");
  std::filesystem::remove_all(registry_.folder() / "r");
  EXPECT_THROW((void)stateOf("r"), Error);
  make("r").setState(State::kStopped, "second");
  EXPECT_EQ(supervisor().condition("r").reason, "second");
}

}  // namespace
}  // namespace ecumene::engine::daemon
