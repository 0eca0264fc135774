// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/slurm.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <thread>

#include "engine/daemon/supervisor.h"
#include "tests/engine/daemon/fake_slurm.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::daemon {
namespace {

using slurm::Phase;

TEST(Slurm, SaysWhatItsStatesMean) {
  for (const char* name : {"PENDING", "CONFIGURING", "REQUEUED"}) EXPECT_EQ(slurm::phaseOf(name), Phase::kWaiting);
  for (const char* name : {"RUNNING", "COMPLETING", "SUSPENDED"}) EXPECT_EQ(slurm::phaseOf(name), Phase::kRunning);
  EXPECT_EQ(slurm::phaseOf("COMPLETED"), Phase::kDone);
  EXPECT_EQ(slurm::phaseOf("FAILED"), Phase::kFailed);
  for (const char* name : {"TIMEOUT", "OUT_OF_MEMORY", "CANCELLED", "CANCELLED by 1000", "NODE_FAIL", "PREEMPTED"}) {
    EXPECT_EQ(slurm::phaseOf(name), Phase::kKilled) << name;
  }
  EXPECT_EQ(slurm::phaseOf("NEW_STATE"), std::nullopt);
  EXPECT_EQ(slurm::phaseOf(""), std::nullopt);
}

TEST(Slurm, AScriptIsTheProgramWhateverItsWordsAre) {
  const test::TempFolder folder;
  const std::vector<std::string> words = {"/usr/bin/printf", "%s\\n", "a b",   "it's",
                                          "$(touch /tmp/x)", "`id`",  "\"q\"", "back\\slash",
                                          "new\nline",       "",      "-n",    "*"};
  const std::string file = folder / "script";
  writeFileAtomically(file, slurm::script({words, {{"WHAT", "x'; y"}}}));
  const Ended ended = runToEnd({{"/bin/sh", file}, {}});
  std::string expected;
  for (std::size_t i = 2; i < words.size(); ++i) expected += words[i] + "\n";
  EXPECT_EQ(ended.out, expected) << ended.err;
}

TEST(Slurm, PartitionsAreNamedTheDefaultOneFirst) {
  EXPECT_FALSE(slurm::isHere());
  const test::FakeSlurm slurm;
  EXPECT_TRUE(slurm::isHere());
  EXPECT_EQ(slurm::partitions(), (std::vector<std::string>{"normal", "long"}));
}

TEST(Slurm, ASlotNamesAPartitionAndNothingElse) {
  EXPECT_EQ(Slot::parse("slurm").text(), "slurm");
  EXPECT_EQ(Slot::parse("slurm:gpu_A-1.x").partition, "gpu_A-1.x");
  EXPECT_EQ(Slot::parse("slurm:long").text(), "slurm:long");
  EXPECT_FALSE(Slot::parse("slurm").conflictsWith(Slot::parse("slurm")));
  EXPECT_FALSE(Slot::parse("slurm").conflictsWith(Slot::parse("cpu")));
  EXPECT_TRUE(Slot::parse("cpu").conflictsWith(Slot::parse("cpu")));
  for (const std::string& bad :
       {std::string("slurm:"), std::string("slurmx"), std::string("slurm:--uid=0"), std::string("slurm:a,b"),
        std::string("slurm:a b"), std::string("slurm:a;id"), "slurm:" + std::string(65, 'a')}) {
    EXPECT_THROW((void)Slot::parse(bad), Error) << bad;
  }
}

class Cluster : public ::testing::Test {
 protected:
  run::RunDirectory make(const std::string& id) {
    config::RunSpec spec = config::preset("nano");
    spec.train.threads = 3;
    return run::RunDirectory::create(registry_.folder() / id, spec);
  }
  /// As a launch does behind the making of the run, with Slurm as its slot.
  void begin(const std::string& id, const std::string& slot = "slurm:long") {
    supervisor_.reset();
    Launches(list()).put({id, Launch::State::kEnded, slot, false, 1.0, {}, 2.0, {}, {}});
    start();
    supervisor_->resume(id);
  }
  void start() {
    supervisor_.emplace(registry_, stores_,
                        Supervisor::Setup{folder_ / "programs", list(), std::chrono::milliseconds(50)});
  }
  [[nodiscard]] Condition waitFor(const std::string& id, const std::string& state, const std::string& reason = "") {
    Condition now;
    for (int i = 0; i < 200; ++i) {
      now = supervisor_->condition(id);
      if (now.state == state && now.reason.find(reason) != std::string::npos) return now;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << "expected " << state << " (" << reason << "), found " << now.state << " (" << now.reason << ")";
    return now;
  }
  [[nodiscard]] std::filesystem::path list() const { return folder_ / "launches.sqlite"; }

  test::FakeSlurm slurm_;
  test::TempFolder folder_;
  Registry registry_{folder_ / "runs it's 100%"};
  Stores stores_{{}};
  std::optional<Supervisor> supervisor_;
};

TEST_F(Cluster, AJobIsSubmittedWithWhatTheRunNeeds) {
  make("r").flush();
  begin("r");
  (void)waitFor("r", "queued", "Slurm job 100: PENDING (Priority)");
  const std::string words = slurm_.words("100");
  for (const char* word : {"--parsable\n", "--partition=long\n", "--cpus-per-task=3\n", "--ntasks=1\n"}) {
    EXPECT_NE(words.find(word), std::string::npos) << word << "\n" << words;
  }
  // Slurm would take %% for one sign.
  EXPECT_NE(words.find("runs it's 100%%/r/log\n"), std::string::npos) << words;
  const std::string script = readFile(registry_.pathOf("r") / "slurm.sh");
  EXPECT_NE(script.find("'resume' '" + (folder_ / "runs it'\\''s 100%/r' '--plain' '--no-eval'").string()),
            std::string::npos)
      << script;
  EXPECT_EQ(supervisor_->condition("r").slot, "slurm:long");
  EXPECT_NE(test::messageOf([&] { supervisor_->resume("r"); }).find("a process has it"), std::string::npos);
}

TEST_F(Cluster, AJobsLifeIsShownByTheJournalOnceItTrains) {
  make("r").flush();
  begin("r");
  (void)waitFor("r", "queued", "PENDING");
  slurm_.setState("100", "RUNNING|None");
  (void)waitFor("r", "starting");
  {
    run::RunDirectory trainer = run::RunDirectory::open(registry_.pathOf("r"));
    trainer.claim();
    trainer.setState(run::State::kRunning);
    (void)waitFor("r", "running");
    EXPECT_FALSE(supervisor_->unqueue("r"));
    trainer.setState(run::State::kFinished, "all epochs are done");
    (void)waitFor("r", "evaluating");
  }
  slurm_.setState("100", "COMPLETED|None");
  EXPECT_EQ(waitFor("r", "finished").reason, "all epochs are done");
  EXPECT_EQ(slurm_.submitted(), 1U);
}

TEST_F(Cluster, AJobThatEndsBeforeItTrainsIsShownWithItsReason) {
  struct Row {
    const char *squeue, *sacct, *state, *reason;
  };
  const Row rows[] = {{"FAILED|NonZeroExitCode", "", "failed", "FAILED (NonZeroExitCode)"},
                      {"", "FAILED|2:0", "failed", "FAILED, exit code 2:0"},
                      {"TIMEOUT|TimeLimit", "", "killed", "TIMEOUT (TimeLimit)"},
                      {"OUT_OF_MEMORY|OutOfMemory", "", "killed", "OUT_OF_MEMORY"},
                      {"NODE_FAIL|NodeDown", "", "killed", "NODE_FAIL"},
                      {"", "CANCELLED by 1000|0:0", "killed", "CANCELLED by 1000"},
                      {"", "", "killed", "is gone: neither squeue nor sacct knows it"}};
  int job = 100;
  for (const Row& row : rows) {
    const std::string id = "r" + std::to_string(job);
    make(id).flush();
    begin(id);
    (void)waitFor(id, "queued", "PENDING");
    if (*row.squeue != '\0') {
      slurm_.setState(std::to_string(job), row.squeue);
    } else {
      slurm_.forget(std::to_string(job), row.sacct);
    }
    (void)waitFor(id, row.state, row.reason);
    ++job;
  }
}

TEST_F(Cluster, AJobThatVanishesWhileItTrainsIsKilled) {
  slurm_.is("no-accounting");
  make("r").flush();
  begin("r");
  (void)waitFor("r", "queued", "PENDING");
  slurm_.setState("100", "RUNNING|None");
  {
    run::RunDirectory trainer = run::RunDirectory::open(registry_.pathOf("r"));
    trainer.claim();
    trainer.setState(run::State::kRunning);
    slurm_.forget("100", "");
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    // Who has the lock trains, whatever Slurm says.
    EXPECT_EQ(supervisor_->condition("r").state, "running");
  }
  (void)waitFor("r", "killed", "is gone");
}

TEST_F(Cluster, StopBeforeItStartsCancelsTheJob) {
  make("r").flush();
  begin("r");
  (void)waitFor("r", "queued", "PENDING");
  EXPECT_TRUE(supervisor_->unqueue("r"));
  EXPECT_EQ(slurm_.stateOf("100").substr(0, 9), "CANCELLED");
  EXPECT_EQ(supervisor_->condition("r").state, "new");
  EXPECT_FALSE(supervisor_->unqueue("r"));
}

TEST_F(Cluster, WhatSbatchRefusesIsTheReason) {
  make("r").flush();
  begin("r", "slurm:none");
  (void)waitFor("r", "failed", "Invalid partition name specified");
}

TEST_F(Cluster, WithoutAControllerTheRunWaitsAndIsSubmittedOnce) {
  slurm_.is("down");
  make("r").flush();
  begin("r");
  (void)waitFor("r", "queued", "Unable to contact");
  slurm_.isNot("down");
  (void)waitFor("r", "queued", "PENDING");
  slurm_.is("down");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(supervisor_->condition("r").state, "queued");
  EXPECT_EQ(slurm_.submitted(), 1U);
}

TEST_F(Cluster, ADaemonThatComesBackFindsTheJob) {
  make("r").flush();
  begin("r");
  (void)waitFor("r", "queued", "PENDING");
  supervisor_.reset();
  slurm_.setState("100", "RUNNING|None");
  start();
  (void)waitFor("r", "starting");
  // Killed between the submission and its note: the job of this name is taken in place of a second one.
  supervisor_.reset();
  {
    Launches launches(list());
    Launch launch = *launches.of("r");
    launch.state = Launch::State::kQueued;
    launch.job.clear();
    launch.time = 1234.5;
    launches.put(launch);
  }
  slurm_.forget("100", "");
  writeFileAtomically(slurm_.job("107"), std::string_view("PENDING|Priority|ecumene-r-1234500\n"));
  start();
  (void)waitFor("r", "queued", "Slurm job 107");
  EXPECT_EQ(slurm_.submitted(), 1U);
}

TEST(SlurmPlaces, AreOfferedWhereSlurmIs) {
  const test::TempFolder folder;
  Registry registry(folder / "runs");
  const Stores stores({});
  Supervisor supervisor(registry, stores, Supervisor::Setup{folder / "none", folder / "launches.sqlite"});
  const auto slots = [&] {
    std::vector<std::string> texts;
    for (const Place& place : supervisor.places()) texts.push_back(place.slot.text());
    return texts;
  };
  const std::vector<std::string> without = slots();
  EXPECT_EQ(without.front(), "cpu");
  EXPECT_NE(test::messageOf([&] {
              supervisor.launch({"", "nano", "main", {}, {}, "slurm", true});
            }).find("no Slurm"),
            std::string::npos);
  const test::FakeSlurm slurm;
  std::vector<std::string> with = without;
  with.insert(with.end(), {"slurm", "slurm:normal", "slurm:long"});
  EXPECT_EQ(slots(), with);
}

}  // namespace
}  // namespace ecumene::engine::daemon
