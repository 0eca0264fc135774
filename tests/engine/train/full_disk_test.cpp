// SPDX-License-Identifier: Apache-2.0
// A disk that fills up while the program trains.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <thread>

#include "tests/engine/train/program_run.h"
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

TEST(FullDisk, CostsACheckpointNotTheRun) {
  const test::TempFolder folder;
  const test::SmallDisk disk(folder / "disk", std::size_t{256} << 20);
  if (!disk.mounted()) GTEST_SKIP() << "mounting a small disk needs root";
  const std::string path =
      test::made(folder / "disk" / "run", {"train.epochs=100000", "train.checkpoint_minutes=0.005",
                                           "train.keep_checkpoints=3", "train.evaluate_epochs=100000"});
  Running running(test::resumeWords(path));
  const RunDirectory run = RunDirectory::open(path);
  ASSERT_TRUE(waitFor([&] { return test::events(run, "checkpoint").size() >= 2; }));

  // Room for the journal, none for a checkpoint.
  std::uintmax_t checkpointBytes = 0;
  const auto whole = engine::checkpoint::newest(run.checkpoints());
  ASSERT_TRUE(whole.has_value());
  for (const auto& [name, file] : engine::checkpoint::readManifest(*whole).files) {
    checkpointBytes += static_cast<std::uintmax_t>(file.bytes);
  }
  const fs::path filler = folder / "disk" / "filler";
  {
    std::ofstream file(filler, std::ios::binary);
    const std::string piece(65536, 'x');
    while (fs::space(folder / "disk").available > checkpointBytes / 2 + piece.size() && file << piece << std::flush) {
    }
  }
  ASSERT_TRUE(waitFor([&] { return !test::events(run, "checkpoint_failed").empty(); }));
  const engine::run::Event failed = test::events(run, "checkpoint_failed").front();
  EXPECT_NE(failed.text.find("bytes free"), std::string::npos) << failed.text;
  EXPECT_TRUE(engine::checkpoint::newest(run.checkpoints()).has_value());
  ASSERT_TRUE(waitFor([&] { return test::metric(run, "loss.total").rbegin()->first > failed.step + 1; }));

  fs::remove(filler);
  ASSERT_TRUE(waitFor([&] {
    return test::events(run, "checkpoint").back().sequence > test::events(run, "checkpoint_failed").back().sequence;
  }));
  running.signal(SIGTERM);
  const Finished ended = running.finish();
  EXPECT_EQ(ended.code, 1) << ended.err;
  EXPECT_EQ(run.state(), engine::run::State::kStopped);
  EXPECT_EQ(test::lastCheckpoint(run).progress.step, test::metric(run, "loss.total").rbegin()->first);
}

}  // namespace
}  // namespace ecumene
