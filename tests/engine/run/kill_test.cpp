// SPDX-License-Identifier: Apache-2.0
// kill -9 of a training process: no acknowledged metric is lost.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "data/base/random.h"
#include "engine/run/run_directory.h"
#include "tests/engine/run/run_writer_process.h"
#include "tests/support/counts.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::run {
namespace {

TEST(KilledTrainer, LosesNoAcknowledgedMetric) {
  const int points = test::tries(20, 1000);
  constexpr std::uint64_t kSeed = 17;
  Random random(kSeed, "kill");
  const test::TempFolder folder;
  RunDirectory::create(folder / "r", config::preset("nano"));
  std::int64_t next = 1;
  std::size_t promised = 0;
  for (int point = 0; point < points; ++point) {
    const std::string place = "point " + std::to_string(point);
    test::RunWriter writer(folder / "r", next, 1000000);
    writer.waitForOutput();
    std::this_thread::sleep_for(std::chrono::microseconds(random.below(60000)));
    writer.killNow();
    EXPECT_TRUE(WIFSIGNALED(writer.wait())) << place << ": " << writer.errors();
    promised += writer.lines().size() - 1;
    const std::int64_t acknowledged = writer.lines().size() > 1 ? std::stoll(writer.lines().back()) : next - 1;
    RunDirectory run = RunDirectory::open(folder / "r");
    const std::vector<MetricRow> rows = run.metricsAfter(0);
    test::expectSteps(rows, place);
    const std::int64_t last = rows.empty() ? 0 : rows.back().step;
    EXPECT_GE(last, acknowledged) << place;
    // What is there beyond what was acknowledged is made again, as after a resume from a checkpoint.
    run.forgetAfter(acknowledged);
    next = acknowledged + 1;
  }
  std::printf("%d kills, %zu steps promised, none lost; seed %llu\n", points, promised,
              static_cast<unsigned long long>(kSeed));
}

}  // namespace
}  // namespace ecumene::engine::run
