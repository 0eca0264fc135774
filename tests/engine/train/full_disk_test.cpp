// SPDX-License-Identifier: Apache-2.0
// A disk that fills up while the program trains.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>
#include <thread>

#include "tests/engine/train/program_run.h"
#include "tests/support/counts.h"
#include "tests/support/small_disk.h"

namespace ecumene {
namespace {

namespace fs = std::filesystem;
using engine::run::RunDirectory;
using test::Finished;
using test::Running;

bool waitFor(const std::function<bool()>& condition) {
  for (int i = 0; i < 600; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

/// Leaves room for the journal, none for a checkpoint. One that is pruned later makes room again.
void fillUp(const fs::path& disk, const fs::path& filler, std::uintmax_t checkpointBytes) {
  std::ofstream file(filler, std::ios::binary | std::ios::app);
  const std::string piece(65536, 'x');
  while (fs::space(disk).available > checkpointBytes / 2 + piece.size() && file << piece << std::flush) {
  }
}

TEST(FullDisk, PausesTheRunAndFreedSpaceResumesIt) {
  const test::TempFolder folder;
  const fs::path place = folder / "disk", filler = place / "filler";
  const test::SmallDisk disk(place, std::size_t{256} << 20);
  if (!disk.mounted()) GTEST_SKIP() << "mounting a small disk needs root";
  const int rounds = test::tries(3, 50);
  const std::string path = test::made(place / "run", {"train.epochs=100000", "train.checkpoint_minutes=0.005",
                                                      "train.keep_checkpoints=3", "train.evaluate_epochs=100000"});
  Running running(test::resumeWords(path));
  const RunDirectory run = RunDirectory::open(path);
  for (int round = 1; round <= rounds; ++round) {
    const std::size_t written = test::events(run, "checkpoint").size();
    ASSERT_TRUE(waitFor([&] { return test::events(run, "checkpoint").size() >= written + 2; }));
    std::uintmax_t checkpointBytes = 0;
    const auto whole = engine::checkpoint::newest(run.checkpoints());
    ASSERT_TRUE(whole.has_value());
    for (const auto& [name, file] : engine::checkpoint::readManifest(*whole).files) {
      checkpointBytes += static_cast<std::uintmax_t>(file.bytes);
    }
    ASSERT_TRUE(waitFor([&] {
      fillUp(place, filler, checkpointBytes);
      return run.state() == engine::run::State::kPaused;
    }));
    EXPECT_NE(run.status().reason.find("bytes free"), std::string::npos) << run.status().reason;
    EXPECT_TRUE(engine::checkpoint::newest(run.checkpoints()).has_value());
    const std::int64_t step = run.eventsAfter(0).back().step;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_LE(test::metric(run, "loss.total").rbegin()->first, step);

    fs::remove(filler);
    ASSERT_TRUE(waitFor([&] { return run.state() == engine::run::State::kRunning; }));
    ASSERT_TRUE(waitFor([&] { return test::metric(run, "loss.total").rbegin()->first > step; }));
  }
  running.signal(SIGTERM);
  const Finished ended = running.finish();
  EXPECT_EQ(ended.code, 1) << ended.err;
  EXPECT_EQ(run.state(), engine::run::State::kStopped);
  EXPECT_EQ(test::lastCheckpoint(run).progress.step, test::metric(run, "loss.total").rbegin()->first);
  std::printf("%d times full, each time the run waited and went on\n", rounds);
}

}  // namespace
}  // namespace ecumene
