// SPDX-License-Identifier: Apache-2.0
// The program killed with SIGKILL and resumed, and a disk that fills up while it trains.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>
#include <thread>

#include "data/base/random.h"
#include "tests/engine/train/small_run.h"
#include "tests/support/small_disk.h"

namespace ecumene {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using engine::run::RunDirectory;
using test::Finished;
using test::Running;
using test::runProgram;

std::string made(const fs::path& folder, const std::vector<std::string>& settings) {
  std::vector<std::string> words = {
      "ecumene-train", "new",   "--preset",        "nano", "--data", test::smallStore().string(), "--out",
      folder.string(), "--set", "train.device=cpu"};
  for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
  const Finished finished = runProgram(words);
  EXPECT_EQ(finished.code, 0) << finished.err;
  return folder.string();
}

std::vector<std::string> resumeWords(const std::string& run) {
  return {"ecumene-train", "resume", run, "--plain", "--no-eval"};
}

bool waitFor(const std::function<bool()>& condition) {
  for (int i = 0; i < 600; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

void expectSameEnd(const engine::checkpoint::Checkpoint& a, const engine::checkpoint::Checkpoint& b) {
  EXPECT_EQ(a.progress.step, b.progress.step);
  test::expectSame(a.model, b.model, "model");
  test::expectSame(a.optimiser, b.optimiser, "optimiser");
  test::expectSame(a.averaged, b.averaged, "averaged");
  test::expectSame(a.buffers, b.buffers, "buffers");
}

TEST(KilledRun, EndsWithTheWeightsOfTheUninterruptedOne) {
  constexpr std::uint64_t kSeed = 41;
#ifdef ECUMENE_LONG_COUNTS
  constexpr int kKills = 20;
#else
  constexpr int kKills = 3;
#endif
  const std::vector<std::string> settings = {"train.epochs=2", "train.ema=0.9", "train.checkpoint_minutes=0.002"};
  const test::TempFolder folder;
  const std::string whole = made(folder / "whole", settings);
  const Clock::time_point begun = Clock::now();
  const Finished finished = runProgram(resumeWords(whole));
  ASSERT_EQ(finished.code, 0) << finished.err;
  const auto length =
      static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun).count());
  const RunDirectory uninterrupted = RunDirectory::open(whole);
  const engine::checkpoint::Checkpoint expected = test::lastCheckpoint(uninterrupted);
  const std::map<std::int64_t, double> losses = test::metric(uninterrupted, "loss.total");
  ASSERT_GE(losses.size(), 10U);

  Random random(kSeed, "kill");
  int kills = 0;
  int ends = 0;
  std::int64_t resumedWithin = 0;  // resumes from a checkpoint behind the first step
  for (int run = 0; kills < kKills || run > ends;) {
    if (run == ends) made(folder / ("run" + std::to_string(run++)), settings);
    const std::string path = folder / ("run" + std::to_string(run - 1));
    Running running(resumeWords(path));
    if (kills < kKills) {
      std::this_thread::sleep_for(std::chrono::milliseconds(random.below(length)));
      running.signal(SIGKILL);
    }
    const Finished ended = running.finish();
    if (ended.code == 128 + SIGKILL) {
      ++kills;
      const auto newest = engine::checkpoint::newest(RunDirectory::open(path).checkpoints());
      if (newest && engine::checkpoint::readManifest(*newest).progress.step > 0) ++resumedWithin;
      continue;
    }
    ASSERT_EQ(ended.code, 0) << ended.err;
    ++ends;
    const RunDirectory resumed = RunDirectory::open(path);
    expectSameEnd(test::lastCheckpoint(resumed), expected);
    EXPECT_EQ(test::metric(resumed, "loss.total"), losses);
  }
  std::printf("%d kills in %d runs, %lld behind a checkpoint after step 0; every run ended bit-equal; seed %llu\n",
              kills, ends, static_cast<long long>(resumedWithin), static_cast<unsigned long long>(kSeed));
}

TEST(FullDisk, CostsACheckpointNotTheRun) {
  const test::TempFolder folder;
  const test::SmallDisk disk(folder / "disk", std::size_t{256} << 20);
  if (!disk.mounted()) GTEST_SKIP() << "mounting a small disk needs root";
  const std::string path = made(folder / "disk" / "run", {"train.epochs=100000", "train.checkpoint_minutes=0.005",
                                                          "train.keep_checkpoints=3", "train.evaluate_epochs=100000"});
  Running running(resumeWords(path));
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
