// SPDX-License-Identifier: Apache-2.0
// Two processes on one run, a full disk: no metric is lost, none comes twice.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "data/base/error.h"
#include "engine/run/run_directory.h"
#include "tests/engine/run/run_writer_process.h"
#include "tests/support/small_disk.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::run {
namespace {

namespace fs = std::filesystem;

TEST(TwoProcesses, ReaderGetsEveryRowOnce) {
  const test::TempFolder folder;
  RunDirectory::create(folder / "r", config::preset("nano"));
  test::RunWriter writer(folder / "r", 1, 300);
  writer.waitForOutput();
  const RunDirectory reader = RunDirectory::open(folder / "r");
  EXPECT_EQ(reader.owner(), writer.pid());
  std::vector<MetricRow> rows;
  int reads = 0;
  int beside = 0;
  for (bool last = false; !last;) {
    last = !reader.owner().has_value();
    const std::vector<MetricRow> more = reader.metricsAfter(rows.empty() ? 0 : rows.back().sequence);
    rows.insert(rows.end(), more.begin(), more.end());
    ++reads;
    beside += more.empty() ? 0 : 1;
  }
  EXPECT_EQ(writer.wait(), 0) << writer.errors();
  std::printf("%d reads beside the writer, %d of them new\n", reads, beside);
  EXPECT_EQ(rows.size(), 300U * test::kRowsAStep);
  test::expectSteps(rows, "reader");
  EXPECT_EQ(reader.eventsAfter(0).size(), 60U);
}

TEST(TwoProcesses, CommandsReachATrainerThatWrites) {
  const test::TempFolder folder;
  RunDirectory asking = RunDirectory::create(folder / "r", config::preset("nano"));
  test::RunWriter writer(folder / "r", 1, 200);
  writer.waitForOutput();
  for (int i = 0; i < 50; ++i) asking.request("set", "train.lr=" + std::to_string(i));
  EXPECT_EQ(writer.wait(), 0) << writer.errors();
  EXPECT_EQ(asking.commands("requested").size(), 50U);
  test::expectSteps(asking.metricsAfter(0), "beside requests");
}

TEST(TwoProcesses, SecondTrainerIsToldWhoTrains) {
  const test::TempFolder folder;
  RunDirectory::create(folder / "r", config::preset("nano"));
  test::RunWriter first(folder / "r", 1, 1000000);
  first.waitForOutput();
  test::RunWriter second(folder / "r", 1, 1);
  const int status = second.wait();
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_NE(second.errors().find("process " + std::to_string(first.pid())), std::string::npos) << second.errors();
  first.killNow();
  first.wait();
  RunDirectory run = RunDirectory::open(folder / "r");
  EXPECT_FALSE(run.owner().has_value());
  EXPECT_EQ(run.state(), State::kRunning);
  EXPECT_NO_THROW(run.claim());
}

TEST(FullDisk, MetricsWaitForSpace) {
  const test::TempFolder folder;
  const test::SmallDisk disk(folder / "disk", std::size_t{2} << 20);
  if (!disk.mounted()) GTEST_SKIP() << "mounting a small disk needs root";
  RunDirectory run = RunDirectory::create(folder / "disk" / "r", config::preset("nano"));
  for (int step = 1; step <= 100; ++step) run.metrics(step, {{"loss", 1.0 / step}, {"rate", 1.0}, {"norm", 1.0}});
  run.flush();
  {
    std::ofstream filler(folder / "disk" / "filler");
    const std::string piece(4096, 'x');
    while (filler << piece << std::flush) {
    }
  }
  // More than the log has room for; training is not held up.
  for (int step = 101; step <= 20000; ++step) run.metrics(step, {{"loss", 1.0 / step}, {"rate", 1.0}, {"norm", 1.0}});
  try {
    run.flush();
    FAIL() << "the disk was not full";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kEnvironment) << error.what();
    EXPECT_NE(std::string(error.what()).find("free some space"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("run.sqlite"), std::string::npos) << error.what();
  }
  EXPECT_THROW(run.setState(State::kFinished), Error);
  EXPECT_EQ(run.state(), State::kNew);
  const std::vector<MetricRow> before = run.metricsAfter(0);
  test::expectSteps(before, "on the full disk");
  EXPECT_GE(before.size(), 300U);

  fs::remove(folder / "disk" / "filler");
  disk.resize(std::size_t{64} << 20);
  run.flush();
  test::expectSteps(run.metricsAfter(0), "afterwards");
  EXPECT_EQ(run.metricsAfter(0).back().step, 20000);
}

TEST(FullDisk, RunThatCannotBeMadeLeavesNone) {
  const test::TempFolder folder;
  const test::SmallDisk disk(folder / "disk", 16384);
  if (!disk.mounted()) GTEST_SKIP() << "mounting a small disk needs root";
  EXPECT_THROW(RunDirectory::create(folder / "disk" / "r", config::preset("nano")), Error);
  EXPECT_THROW(RunDirectory::open(folder / "disk" / "r"), Error);
  disk.resize(std::size_t{4} << 20);
  EXPECT_NO_THROW(RunDirectory::create(folder / "disk" / "r", config::preset("nano")));
}

}  // namespace
}  // namespace ecumene::engine::run
