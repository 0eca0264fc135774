// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/reading_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/temp_folder.h"

namespace ecumene::engine::daemon {
namespace {

Readings readingsAt(double time, double busy = 0.5) {
  Readings readings;
  readings.time = time;
  readings.cpuBusy = busy;
  readings.cores = 2;
  readings.memoryTotal = 1'000;
  readings.memoryAvailable = 400;
  readings.diskTotal = 500;
  readings.diskFree = 100;
  return readings;
}

TEST(ReadingLog, GivesBackWhatWasReadAlsoToTheNextDaemon) {
  const test::TempFolder folder;
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  {
    ReadingLog log(folder / "r.sqlite");
    Readings first = readingsAt(1000.0, unknown);
    first.gpus.push_back({1, "NVIDIA H200", 50, 200, 0.75, unknown, 300.0});
    log.add(first);
    log.add(readingsAt(1002.0));  // too soon
    log.add(readingsAt(1010.0));
  }
  ReadingLog log(folder / "r.sqlite");
  const std::vector<Readings> all = log.after(0.0, 100);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].time, 1000.0);
  EXPECT_TRUE(std::isnan(all[0].cpuBusy));
  EXPECT_EQ(all[0].memoryAvailable, 400U);
  EXPECT_EQ(all[0].diskFree, 100U);
  ASSERT_EQ(all[0].gpus.size(), 1U);
  EXPECT_EQ(all[0].gpus[0].index, 1);
  EXPECT_EQ(all[0].gpus[0].memoryUsed, 50U);
  EXPECT_EQ(all[0].gpus[0].busy, 0.75);
  EXPECT_TRUE(std::isnan(all[0].gpus[0].temperatureC));
  EXPECT_EQ(all[0].gpus[0].powerW, 300.0);
  EXPECT_EQ(all[1].time, 1010.0);
  ASSERT_EQ(log.after(1000.0, 100).size(), 1U);
  // The next daemon goes on behind the last one.
  log.add(readingsAt(1015.0));
  EXPECT_EQ(log.after(0.0, 100).size(), 2U);
}

TEST(ReadingLog, OfOldReadingsFewAreKeptAndOfVeryOldOnesNone) {
  const test::TempFolder folder;
  ReadingLog log(folder / "r.sqlite");
  const double day = 86400.0, begin = 1.8e9;  // a whole number of two minutes
  // An hour each, of which the last is three weeks, two days and half a day behind the others.
  for (const double days : {0.0, 19.0, 20.5, 21.0}) {
    for (double second = 0.0; second < 3600.0; second += 30.0) log.add(readingsAt(begin + days * day + second));
  }
  const auto count = [&](double days) {
    return log.after(begin + days * day - 1.0, 100'000).size() - log.after(begin + days * day + 3600.0, 100'000).size();
  };
  EXPECT_EQ(count(0.0), 0U);
  EXPECT_EQ(count(19.0), 30U);
  EXPECT_EQ(count(20.5), 120U);
  EXPECT_EQ(count(21.0), 120U);
}

TEST(ReadingLog, AnswersWithNoMoreThanWasAskedForEvenlyAndTheNewest) {
  const test::TempFolder folder;
  ReadingLog log(folder / "r.sqlite");
  for (int i = 0; i < 100; ++i) log.add(readingsAt(1000.0 + 10.0 * i));
  const std::vector<Readings> some = log.after(0.0, 30);
  ASSERT_EQ(some.size(), 25U);
  EXPECT_EQ(some.back().time, 1990.0);
  for (std::size_t i = 1; i < some.size(); ++i) EXPECT_EQ(some[i].time - some[i - 1].time, 40.0);
  EXPECT_EQ(log.after(0.0, 100).size(), 100U);
}

TEST(ReadingLog, AClockThatIsSetBackBeginsAnewFromThere) {
  const test::TempFolder folder;
  ReadingLog log(folder / "r.sqlite");
  for (int i = 0; i < 10; ++i) log.add(readingsAt(1000.0 + 10.0 * i));
  log.add(readingsAt(1045.0));
  const std::vector<Readings> all = log.after(0.0, 100);
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all.back().time, 1045.0);
}

}  // namespace
}  // namespace ecumene::engine::daemon
