// SPDX-License-Identifier: Apache-2.0
// kill -9 while checkpoints are written: what is there is whole, what was acknowledged is there.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "data/base/random.h"
#include "tests/engine/checkpoint/sample.h"
#include "tests/support/child_process.h"
#include "tests/support/counts.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::checkpoint {
namespace {

namespace fs = std::filesystem;
using test::same;
using test::sampleCheckpoint;

TEST(KilledWriter, LeavesWholeCheckpointsOnly) {
  // Half a second each, most of it loading Torch: the full count, 10,000, takes more than an hour.
  const int points = test::tries(12, 600);
  constexpr std::uint64_t kSeed = 23;
  Random random(kSeed, "kill");
  const test::TempFolder folder;
  std::int64_t next = 1;
  std::size_t promised = 0;
  for (int point = 0; point < points; ++point) {
    test::ChildProcess child("ECUMENE_CHECKPOINT_WRITER", {folder.path().string(), std::to_string(next), "1000000"});
    child.waitForOutput();
    std::this_thread::sleep_for(std::chrono::microseconds(random.below(40000)));
    child.killNow();
    ASSERT_TRUE(WIFSIGNALED(child.wait())) << child.errors();
    const std::vector<std::string> lines = child.lines();
    promised += lines.size();
    const std::int64_t acknowledged = std::stoll(lines.back());
    std::vector<std::string> skipped;
    const std::optional<fs::path> found = newest(folder.path(), &skipped);
    EXPECT_TRUE(skipped.empty()) << skipped.front();
    ASSERT_TRUE(found.has_value());
    const Checkpoint checkpoint = read(*found);
    EXPECT_GE(checkpoint.progress.step, acknowledged) << "point " << point;
    EXPECT_TRUE(same(checkpoint, sampleCheckpoint(checkpoint.progress.step, 100))) << "point " << point;
    next = checkpoint.progress.step + 1;
  }
  std::printf("%d kills, %zu checkpoints promised, none lost or damaged; seed %llu\n", points, promised,
              static_cast<unsigned long long>(kSeed));
}

}  // namespace
}  // namespace ecumene::engine::checkpoint
