// SPDX-License-Identifier: Apache-2.0
// ecumenectl and ecumened as a person calls them, without a trainer.
#include <gtest/gtest.h>

#include "engine/run/run_directory.h"
#include "tests/app/machine.h"

namespace ecumene {
namespace {

using test::Finished;
using test::Machine;

TEST(Ecumenectl, StartsADaemonAndEndsIt) {
  const Machine machine;
  const Finished before = machine.ctl({"runs"});
  EXPECT_EQ(before.code, 3);
  EXPECT_NE(before.err.find("ecumenectl daemon start"), std::string::npos) << before.err;
  ASSERT_EQ(machine.start().code, 0);
  EXPECT_GT(machine.daemonPid(), 1);
  EXPECT_EQ(machine.json({"daemon", "status"}).at("stores"), test::Json::array({"six"}));
  const Finished twice = machine.start();
  EXPECT_EQ(twice.code, 3);
  EXPECT_NE(twice.err.find("a daemon has this socket already"), std::string::npos) << twice.err;
  EXPECT_EQ(machine.json({"runs"}).at("runs").size(), 0U);
  EXPECT_EQ(machine.ctl({"daemon", "stop"}).code, 0);
  EXPECT_EQ(machine.ctl({"daemon", "status"}).code, 3);
  EXPECT_EQ(machine.start().code, 0);
}

TEST(Ecumenectl, ExitCodesSayWhoseFaultItIs) {
  const Machine machine;
  ASSERT_EQ(machine.start().code, 0);
  (void)engine::run::RunDirectory::create(machine.runs() / "r", engine::config::preset("nano"));
  EXPECT_EQ(machine.ctl({"runs"}).code, 0);
  EXPECT_EQ(machine.ctl({"show", "none"}).code, 1);
  EXPECT_EQ(machine.ctl({"show", "../r"}).code, 2);
  EXPECT_EQ(machine.ctl({"pause", "r"}).code, 1);
  EXPECT_EQ(machine.ctl({"dance"}).code, 2);
  EXPECT_EQ(machine.ctl({"launch", "--preset", "mano"}).code, 2);
  EXPECT_EQ(machine.ctl({"launch", "--preset", "nano", "--store", "nowhere"}).code, 2);
  const Finished refused = machine.ctl({"show", "none", "--json"});
  EXPECT_EQ(test::Json::parse(refused.out).at("error").at("object"), "none");
}

TEST(Ecumenectl, ShowsTheMachine) {
  const Machine machine;
  ASSERT_EQ(machine.start().code, 0);
  const auto readings = machine.json({"system"});
  EXPECT_GT(readings.at("memory_total"), readings.at("memory_available"));
  EXPECT_GT(readings.at("disk_total"), 0);
  EXPECT_EQ(readings.at("gpus").empty(), !readings.at("gpu_absence").get<std::string>().empty());
  EXPECT_EQ(machine.ctl({"system"}).code, 0);
  EXPECT_GE(machine.json({"alerts", "--rules"}).at("rules").size(), 8U);
  EXPECT_EQ(machine.ctl({"alerts"}).code, 0);
}

TEST(Ecumenectl, ShowsWhatAJournalHolds) {
  const Machine machine;
  ASSERT_EQ(machine.start().code, 0);
  engine::run::RunDirectory run =
      engine::run::RunDirectory::create(machine.runs() / "r", engine::config::preset("nano"));
  for (int step = 1; step <= 3; ++step) {
    run.metrics(step, {{"loss.total", 0.5 * step}, {"broken", std::numeric_limits<double>::quiet_NaN()}});
  }
  run.setState(engine::run::State::kFinished, "a reason\033[2J");
  const auto shown = machine.run("r");
  EXPECT_EQ(shown.at("state"), "finished");
  EXPECT_EQ(shown.at("step"), 3);
  EXPECT_EQ(shown.at("loss"), 1.5);
  const Finished runs = machine.ctl({"runs"});
  EXPECT_NE(runs.out.find("finished"), std::string::npos);
  EXPECT_EQ(runs.out.find('\033'), std::string::npos) << "a text moved the cursor";
  const Finished once = machine.ctl({"watch", "r", "--once"});
  EXPECT_NE(once.out.find("loss.total"), std::string::npos) << once.out;
  // It has ended, so there is nothing to wait for.
  const Finished watched = machine.ctl({"watch", "r"});
  EXPECT_EQ(watched.code, 0);
  EXPECT_NE(watched.out.find("step 3  loss.total 1.5"), std::string::npos) << watched.out;
  const Finished lines = machine.ctl({"watch", "r", "--json"});
  EXPECT_EQ(test::Json::parse(lines.out.substr(0, lines.out.find('\n'))).at("sequence").size(), 6U);
}

}  // namespace
}  // namespace ecumene
