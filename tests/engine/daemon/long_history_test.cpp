// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <limits>

#include "engine/daemon/history.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::daemon {
namespace {

double secondsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

TEST(Histories, AreQuickWithTenMillionPoints) {
  constexpr std::int64_t kSteps = 200000;
  constexpr std::int64_t kNames = 50;
  const test::TempFolder folder;
  {
    run::RunDirectory writer = run::RunDirectory::create(folder / "r", config::preset("nano"));
    std::vector<run::Metric> metrics;
    for (std::int64_t i = 0; i < kNames; ++i) metrics.push_back({"metric " + std::to_string(i), 0.0});
    for (std::int64_t step = 1; step <= kSteps; ++step) {
      for (auto& metric : metrics) metric.value = static_cast<double>(step % 1000);
      writer.metrics(step, metrics);
      if (step % 10000 == 0) writer.flush();
    }
    writer.flush();
  }
  const auto run = std::make_shared<const run::RunDirectory>(run::RunDirectory::open(folder / "r"));
  Histories histories;
  constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
  auto begin = std::chrono::steady_clock::now();
  const auto all = histories.curves("r", run, {}, 0, kEnd, 1000);
  std::printf("10^7 points: first look at %lld curves of 1000 buckets %.2f s", static_cast<long long>(kNames),
              secondsSince(begin));
  begin = std::chrono::steady_clock::now();
  (void)histories.curves("r", run, {}, 0, kEnd, 1000);
  std::printf(", next %.3f s", secondsSince(begin));
  begin = std::chrono::steady_clock::now();
  const std::vector<std::string> one = {"metric 7"};
  const auto zoomed = histories.curves("r", run, one, 100001, 101000, 1000);
  std::printf(", one zoomed in %.4f s\n", secondsSince(begin));

  ASSERT_EQ(all.curves.size(), static_cast<std::size_t>(kNames));
  for (const Curve& curve : all.curves) {
    ASSERT_EQ(curve.mean.size(), 1000U);
    EXPECT_EQ(curve.count[500], 200U);
    EXPECT_EQ(curve.maximum[4], 999.0);
  }
  EXPECT_EQ(all.lastSequence, kSteps * kNames);
  ASSERT_EQ(zoomed.curves.at(0).mean.size(), 1000U);
  EXPECT_EQ(zoomed.curves[0].mean[41], 42.0);
}

}  // namespace
}  // namespace ecumene::engine::daemon
