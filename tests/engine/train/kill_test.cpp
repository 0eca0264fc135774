// SPDX-License-Identifier: Apache-2.0
// The program killed with SIGKILL and resumed.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <thread>

#include "data/base/random.h"
#include "tests/engine/train/program_run.h"
#include "tests/engine/train/small_corpus.h"
#include "tests/support/counts.h"

namespace ecumene {
namespace {

using Clock = std::chrono::steady_clock;
using engine::run::RunDirectory;
using test::Finished;
using test::resumeWords;
using test::Running;
using test::runProgram;

/// Each costs a start of the program and part of a training, over a second: a thousand would take half an hour. What a
/// kill may do to the journal is tried a thousand times without Torch (tests/engine/run/kill_test.cpp).
constexpr int kFew = 20, kMany = 100;

void expectSameEnd(const engine::checkpoint::Checkpoint& a, const engine::checkpoint::Checkpoint& b) {
  EXPECT_EQ(a.progress.step, b.progress.step);
  test::expectSame(a.model, b.model, "model");
  test::expectSame(a.optimiser, b.optimiser, "optimiser");
  test::expectSame(a.averaged, b.averaged, "averaged");
  test::expectSame(a.buffers, b.buffers, "buffers");
}

/// Kills a program that trains at random moments until it has been killed often enough, now and then behind a
/// checkpoint of a later step than the first, and resumes it each time. `make` makes run number n, of which 0 is never
/// killed.
void expectKilledRunsEndAsTheWholeOne(const std::function<std::string(int)>& make) {
  constexpr std::uint64_t kSeed = 41;
  const int wanted = test::tries(kFew, kMany), wantedWithin = wanted / 5;
  const std::string whole = make(0);
  const Clock::time_point begun = Clock::now();
  const Finished finished = runProgram(resumeWords(whole));
  ASSERT_EQ(finished.code, 0) << finished.err;
  const auto length =
      static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun).count());
  const RunDirectory uninterrupted = RunDirectory::open(whole);
  const engine::checkpoint::Checkpoint expected = test::lastCheckpoint(uninterrupted);
  const std::map<std::int64_t, double> losses = test::metric(uninterrupted, "loss.total");
  const auto evaluations = test::metrics(uninterrupted, "validation.");
  ASSERT_FALSE(evaluations.empty());
  ASSERT_GE(losses.size(), 10U);

  Random random(kSeed, "kill");
  int kills = 0, ends = 0;
  int resumedWithin = 0;  // resumes from a checkpoint behind the first step
  const auto hasEnough = [&] { return kills >= wanted && (resumedWithin >= wantedWithin || kills >= 2 * wanted); };
  std::string path;
  for (int runs = 0; !hasEnough() || runs > ends;) {
    if (runs == ends) path = make(++runs);
    Running running(resumeWords(path));
    if (!hasEnough()) {
      // Within three fifths of a training, so that most go on from a kill into the next.
      std::this_thread::sleep_for(std::chrono::milliseconds(random.below(length * 6 / 10)));
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
    EXPECT_EQ(resumed.state(), engine::run::State::kFinished);
    expectSameEnd(test::lastCheckpoint(resumed), expected);
    EXPECT_EQ(test::metric(resumed, "loss.total"), losses);
    EXPECT_EQ(test::metrics(resumed, "validation."), evaluations);
  }
  EXPECT_GE(resumedWithin, wantedWithin);
  std::printf("%d kills in %d runs, %d behind a checkpoint after step 0; every run ended bit-equal; seed %llu\n", kills,
              ends, resumedWithin, static_cast<unsigned long long>(kSeed));
}

TEST(KilledRun, EndsWithTheWeightsOfTheUninterruptedOne) {
  const test::TempFolder folder;
  const std::string fresh =
      test::made(folder / "fresh", {"train.epochs=2", "train.ema=0.9", "train.checkpoint_minutes=0.002"});
  const auto make = [&](int number) {
    const std::filesystem::path run = folder / ("run" + std::to_string(number));
    std::filesystem::copy(fresh, run, std::filesystem::copy_options::recursive);
    return run.string();
  };
  expectKilledRunsEndAsTheWholeOne(make);
}

TEST(KilledAdaptation, EndsWithTheWeightsAndTheReportOfTheUninterruptedOne) {
  const test::SmallCorpus start;
  std::vector<std::string> made;
  const auto make = [&](int number) {
    made.push_back("run" + std::to_string(number));
    return start.make(made.back(), start.spec("hf", {"train.ema=0.9", "train.checkpoint_minutes=0.002"}))
        .folder()
        .string();
  };
  expectKilledRunsEndAsTheWholeOne(make);
  for (const std::string& run : made) EXPECT_EQ(start.report(run), start.report(made.front())) << run;
}

}  // namespace
}  // namespace ecumene
