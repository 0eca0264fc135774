// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/alert_rules.h"

#include <gtest/gtest.h>

namespace ecumene::engine::daemon {
namespace {

std::string said(const std::string& name, const WatchedRun& run) {
  for (const RunRule& rule : runRules()) {
    if (rule.name == name) return rule.holds(run);
  }
  ADD_FAILURE() << "no rule " << name;
  return {};
}

std::map<std::string, std::string> said(const std::string& name, const Readings& readings) {
  for (const MachineRule& rule : machineRules()) {
    if (rule.name == name) return rule.holds(readings);
  }
  ADD_FAILURE() << "no rule " << name;
  return {};
}

WatchedRun running() {
  WatchedRun run;
  run.id = "r";
  run.state = "running";
  run.slot = "gpu:0,2";
  run.now = 1e9;
  run.runningSince = 1e9 - 3600.0;
  return run;
}

TEST(AlertRules, SayWhatARunsMetricsShow) {
  WatchedRun run = running();
  const auto with = [&](const char* name, double value) {
    run.metrics = {{name, value}};
    return run;
  };
  EXPECT_EQ(said("loader", with("loader.wait_share", 0.09)), "");
  EXPECT_NE(said("loader", with("loader.wait_share", 0.2)), "");
  run.gradientNorm = 10.0;
  EXPECT_EQ(said("gradient", run), "");
  run.gradientNorm = 10.5;
  EXPECT_NE(said("gradient", run), "");
  EXPECT_EQ(said("bad step", run), "");
  run.badStep = "step 7 was left out: the loss is nan";
  EXPECT_EQ(said("bad step", run), run.badStep);
  // Of one that stands still they are old.
  run.state = "paused";
  for (const char* rule : {"gradient", "loader", "bad step"}) EXPECT_EQ(said(rule, run), "") << rule;
}

TEST(AlertRules, SayThatThereIsNoCheckpoint) {
  WatchedRun run = running();
  EXPECT_EQ(said("checkpoint", run), "");
  run.runningSince = run.now - 13.0 * 3600.0;
  EXPECT_EQ(said("checkpoint", run), "no checkpoint for 13 h");
  run.checkpointTime = run.now - 11.0 * 3600.0;
  EXPECT_EQ(said("checkpoint", run), "");
  run.checkpointTime = run.now - 12.5 * 3600.0;
  EXPECT_NE(said("checkpoint", run), "");
}

TEST(AlertRules, SayThatAGpuOfTheRunIsIdle) {
  Readings readings;
  readings.gpus = {{0, "a", 1, 100, 0.0, 50, 300, 0.95},
                   {1, "b", 1, 100, 0.0, 50, 300, 0.0},
                   {2, "c", 1, 100, 1.0, 50, 300, 0.5},
                   {3, "d", 1, 100, 0.0, 50, 300}};
  WatchedRun run = running();
  run.readings = &readings;
  EXPECT_EQ(said("gpu idle", run), "GPU 2 was 50 % busy in the last 5 minutes, below 90 %");
  run.runningSince = run.now - 60.0;
  EXPECT_EQ(said("gpu idle", run), "");
  run.runningSince = run.now - 3600.0;
  readings.gpus[2].recentBusy = 0.9;
  EXPECT_EQ(said("gpu idle", run), "");
  run.slot = "cpu";
  readings.gpus[2].recentBusy = 0.0;
  EXPECT_EQ(said("gpu idle", run), "");
}

TEST(AlertRules, SayHowARunEnded) {
  WatchedRun run = running();
  for (const char* state : {"running", "paused", "starting", "queued", "new", "evaluating"}) {
    run.state = state;
    EXPECT_EQ(said("ended", run), "") << state;
  }
  run.reason = "signal 9";
  for (const char* state : {"finished", "stopped", "failed", "killed"}) {
    run.state = state;
    EXPECT_EQ(said("ended", run), std::string(state) + ": signal 9");
  }
}

TEST(AlertRules, SayWhatTheMachineLacks) {
  Readings readings;
  EXPECT_TRUE(said("disk", readings).empty());  // nothing known
  readings.diskTotal = std::uint64_t{1} << 40U;
  readings.diskFree = readings.diskTotal / 10;
  EXPECT_TRUE(said("disk", readings).empty());
  readings.diskFree = readings.diskTotal / 25;
  EXPECT_EQ(said("disk", readings).at("disk"), "41.0 GiB free, 4 %");
  readings.diskTotal = std::uint64_t{64} << 30U;
  readings.diskFree = std::uint64_t{9} << 30U;
  EXPECT_EQ(said("disk", readings).size(), 1U);
  readings.gpus = {{0, "a", 93, 100, 1, 50, 300}, {1, "b", 94, 100, 1, 50, 300}, {2, "c", 0, 0, 1, 50, 300}};
  EXPECT_EQ(said("gpu memory", readings),
            (std::map<std::string, std::string>{{"gpu:1", "94.0 % of its memory is used"}}));
}

}  // namespace
}  // namespace ecumene::engine::daemon
