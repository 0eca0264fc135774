// SPDX-License-Identifier: Apache-2.0
// ecumenectl and ecumened as a person calls them, without a trainer.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>

#include "data/base/files.h"
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

TEST(Ecumenectl, EndsQuietlyWhereItsReaderHasHadEnough) {
  const Machine machine;
  ASSERT_EQ(machine.start().code, 0);
  const auto file = [&](const char* name) { return (machine.folder() / name).string(); };
  std::ofstream(file("script")) << "{ '" << test::programFolder() << "/ecumenectl' --socket '" << machine.socket()
                                << "' watch --json 2>'" << file("err") << "'; echo $? >'" << file("code")
                                << "'; } | head -n 1 >'" << file("out") << "'\n";
  EXPECT_EQ(std::system(("bash " + file("script")).c_str()), 0);
  EXPECT_EQ(readFile(file("code")), "141\n");  // what a shell says of a program that SIGPIPE has ended
  EXPECT_EQ(readFile(file("err")), "");
  EXPECT_TRUE(readFile(file("out")).starts_with('{'));
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

std::size_t countOf(const std::string& what, const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

/// Waits until a running program has said this (1: on stdout, 2: on stderr).
void waitFor(const test::Running& program, int stream, const std::string& what) {
  std::string text;
  for (int i = 0; i < 300 && text.find(what) == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::ifstream file("/proc/" + std::to_string(program.pid()) + "/fd/" + std::to_string(stream));
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  EXPECT_NE(text.find(what), std::string::npos) << text;
}

TEST(Ecumenectl, AWatchGoesOnWhereTheDaemonComesBack) {
  const Machine machine;
  ASSERT_EQ(machine.start().code, 0);
  std::optional<engine::run::RunDirectory> run =
      engine::run::RunDirectory::create(machine.runs() / "r", engine::config::preset("nano"));
  run->claim();
  run->setState(engine::run::State::kRunning);
  run->metrics(1, {{"loss.total", 1.5}});
  run->flush();
  test::Running watching({"ecumenectl", "--socket", machine.socket(), "watch", "r"});
  waitFor(watching, 1, "step 1");
  ::kill(machine.daemonPid(), SIGKILL);
  waitFor(watching, 2, "no daemon answers");
  run->metrics(2, {{"loss.total", 1.25}});
  run->flush();
  ASSERT_EQ(machine.start().code, 0);
  waitFor(watching, 2, "the daemon answers again");
  run->metrics(3, {{"loss.total", 1.0}});
  run->setState(engine::run::State::kFinished);
  run.reset();
  const Finished watched = watching.finish();
  EXPECT_EQ(watched.code, 0) << watched.err;
  for (const char* line : {"step 1  loss.total 1.5\n", "step 2  loss.total 1.25\n", "step 3  loss.total 1\n"}) {
    EXPECT_EQ(countOf(line, watched.out), 1U) << watched.out;
  }
  EXPECT_EQ(countOf("no daemon answers", watched.err), 1U) << watched.err;
}

TEST(Ecumenectl, WhatADaemonWasToldHoldsUntilItIsToldAnew) {
  const Machine machine;
  const auto restart = [&](const std::vector<std::string>& more) {
    (void)machine.ctl({"daemon", "stop"});
    std::vector<std::string> words = {"daemon",
                                      "start",
                                      "--",
                                      "--runs",
                                      machine.runs().string(),
                                      "--store",
                                      "six=" + (machine.folder() / "store").string()};
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(machine.ctl(words).code, 0);
    return machine.json({"daemon", "status"});
  };
  const test::Json first = restart({});
  EXPECT_EQ(first.at("on_alert"), "");
  EXPECT_FALSE(first.contains("inspect_memory"));
  EXPECT_FALSE(std::filesystem::exists(machine.runs() / ".daemon" / "settings.json"));
  (void)restart({"--on-alert", "logger $ECUMENE_ALERT_TEXT", "--inspect-memory", "1000000"});
  const test::Json kept = restart({});
  EXPECT_EQ(kept.at("on_alert"), "logger $ECUMENE_ALERT_TEXT");
  EXPECT_EQ(kept.at("inspect_memory"), 1000000);
  const Finished said = machine.ctl({"daemon", "status"});
  EXPECT_NE(said.out.find("on alert: logger $ECUMENE_ALERT_TEXT"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("at most 1000000 bytes"), std::string::npos) << said.out;
  const test::Json other = restart({"--inspect-memory", "available"});
  EXPECT_EQ(other.at("on_alert"), kept.at("on_alert"));
  EXPECT_FALSE(other.contains("inspect_memory"));
  EXPECT_EQ(restart({"--on-alert", ""}).at("on_alert"), "");
  // A file that somebody damaged is said, not passed over.
  (void)machine.ctl({"daemon", "stop"});
  std::ofstream(machine.runs() / ".daemon" / "settings.json") << "{";
  const Finished damaged = machine.start();
  EXPECT_EQ(damaged.code, 3);
  EXPECT_NE(damaged.err.find("settings.json"), std::string::npos) << damaged.err;
}

}  // namespace
}  // namespace ecumene
