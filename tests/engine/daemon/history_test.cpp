// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/history.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "data/base/error.h"
#include "data/base/random.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::daemon {
namespace {

constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();

TEST(Curve, OfFewPointsIsThePoints) {
  Column column;
  for (int step = 1; step <= 5; ++step) column.add(10 * step, step * 0.5);
  const Curve all = column.curve(0, kEnd, 5);
  EXPECT_EQ(all.firstStep, (std::vector<std::int64_t>{10, 20, 30, 40, 50}));
  EXPECT_EQ(all.firstStep, all.lastStep);
  EXPECT_EQ(all.mean, (std::vector<double>{0.5, 1.0, 1.5, 2.0, 2.5}));
  EXPECT_EQ(all.minimum, all.mean);
  EXPECT_EQ(all.maximum, all.mean);
  EXPECT_EQ(column.curve(20, 40, 10).firstStep, (std::vector<std::int64_t>{20, 30, 40}));
  EXPECT_TRUE(column.curve(21, 29, 10).mean.empty());
  EXPECT_TRUE(Column().curve(0, kEnd, 10).mean.empty());
}

TEST(Curve, OfManyPointsHasTheirExtremesAndMeans) {
  Random random(5, "history-test");
  Column column;
  std::vector<std::pair<std::int64_t, double>> points;
  std::int64_t step = 0;
  for (int i = 0; i < 20000; ++i) {
    step += random.below(4);
    points.emplace_back(step, random.normal());
    column.add(points.back().first, points.back().second);
  }
  for (const auto& [first, last, buckets] :
       {std::tuple{std::int64_t{0}, kEnd, 300}, {std::int64_t{1000}, std::int64_t{9000}, 77}}) {
    const Curve curve = column.curve(first, last, static_cast<std::size_t>(buckets));
    EXPECT_LE(curve.mean.size(), static_cast<std::size_t>(buckets));
    EXPECT_GT(curve.mean.size(), static_cast<std::size_t>(buckets) / 2);
    std::size_t counted = 0;
    for (std::size_t b = 0; b < curve.mean.size(); ++b) {
      if (b > 0) {
        EXPECT_GT(curve.firstStep[b], curve.lastStep[b - 1]);
      }
      double low = 1e9, high = -1e9, sum = 0.0;
      std::uint32_t count = 0;
      for (const auto& [at, value] : points) {
        if (at < curve.firstStep[b] || at > curve.lastStep[b]) continue;
        low = std::min(low, value);
        high = std::max(high, value);
        sum += value;
        ++count;
      }
      EXPECT_EQ(curve.minimum[b], low);
      EXPECT_EQ(curve.maximum[b], high);
      EXPECT_EQ(curve.count[b], count);
      EXPECT_NEAR(curve.mean[b], sum / count, 1e-12);
      counted += count;
    }
    const auto wanted = std::count_if(points.begin(), points.end(), [first = first, last = last](const auto& p) {
      return p.first >= first && p.first <= last;
    });
    EXPECT_EQ(counted, static_cast<std::size_t>(wanted));
  }
}

TEST(Curve, CountsWhatIsNoNumberApart) {
  Column column;
  const double infinite = std::numeric_limits<double>::infinity();
  const std::vector<double> values = {1.0, std::nan(""), 3.0, infinite, std::nan(""), -infinite};
  for (std::size_t i = 0; i < values.size(); ++i) column.add(static_cast<std::int64_t>(i), values[i]);
  const Curve curve = column.curve(0, kEnd, 2);
  EXPECT_EQ(curve.count, (std::vector<std::uint32_t>{3, 3}));
  EXPECT_EQ(curve.infinite, (std::vector<std::uint32_t>{1, 3}));
  EXPECT_EQ(curve.mean[0], 2.0);
  EXPECT_TRUE(std::isnan(curve.mean[1]) && std::isnan(curve.minimum[1]) && std::isnan(curve.maximum[1]));
}

TEST(Curve, KeepsPointsInTheOrderOfTheirSteps) {
  Column column;
  for (const std::int64_t step : {1, 2, 5, 3, 2}) column.add(step, static_cast<double>(step) * 10.0);
  EXPECT_EQ(column.curve(0, kEnd, 10).firstStep, (std::vector<std::int64_t>{1, 2, 2, 3, 5}));
  EXPECT_EQ(column.curve(0, kEnd, 10).mean, (std::vector<double>{10, 20, 20, 30, 50}));
}

TEST(Histories, FollowTheJournalThroughRewinds) {
  const test::TempFolder folder;
  run::RunDirectory writer = run::RunDirectory::create(folder / "r", config::preset("nano"));
  const OpenedRun run = std::make_shared<const run::RunDirectory>(run::RunDirectory::open(folder / "r"));
  Histories histories;
  const std::vector<std::string> names = {"loss"};
  const auto values = [&] { return histories.curves("r", run, names, 0, kEnd, 100).curves.at(0).mean; };

  EXPECT_THROW((void)values(), Error);
  for (int step = 1; step <= 4; ++step) writer.metrics(step, {{"loss", step * 1.0}, {"other", 0.0}});
  writer.flush();
  EXPECT_EQ(values(), (std::vector<double>{1, 2, 3, 4}));
  writer.forgetAfter(2);
  writer.metrics(3, {{"loss", 30.0}});
  writer.flush();
  EXPECT_EQ(values(), (std::vector<double>{1, 2, 30}));
  // Read as a whole at once it is the same.
  const auto anew = Histories().curves("r", run, {}, 0, kEnd, 100);
  ASSERT_EQ(anew.curves.size(), 2U);
  EXPECT_EQ(anew.curves[0].name, "loss");
  EXPECT_EQ(anew.curves[0].mean, (std::vector<double>{1, 2, 30}));
  EXPECT_EQ(anew.curves[1].mean.size(), 2U);
  EXPECT_EQ(anew.lastSequence, 9);
}

TEST(Histories, ReadLongJournalsByHalvesWithNothingLost) {
  constexpr std::int64_t kSteps = 45000, kRewind = 30000, kNames = 10;
  const test::TempFolder folder;
  run::RunDirectory writer = run::RunDirectory::create(folder / "r", config::preset("nano"));
  std::vector<run::Metric> metrics;
  for (int i = 0; i < kNames; ++i) metrics.push_back({"m" + std::to_string(i), 0.0});
  const auto write = [&](std::int64_t from, std::int64_t to, double sign) {
    for (std::int64_t step = from; step <= to; ++step) {
      // The first is written each other step, so that halves do not begin with the same name.
      for (std::size_t i = 0; i < metrics.size(); ++i) {
        metrics[i].value = sign * static_cast<double>(step * kNames + static_cast<std::int64_t>(i));
      }
      writer.metrics(step, step % 2 == 0 ? metrics : std::vector(metrics.begin() + 1, metrics.end()));
    }
    writer.flush();
  };
  write(1, kSteps, 1.0);
  writer.forgetAfter(kRewind);
  write(kRewind + 1, kSteps, -1.0);
  const auto run = std::make_shared<const run::RunDirectory>(run::RunDirectory::open(folder / "r"));
  Histories histories;
  for (const std::int64_t last : {kSteps, kSteps + 1}) {
    if (last > kSteps) write(last, last, -1.0);
    const auto answer = histories.curves("r", run, {}, 0, kEnd, static_cast<std::size_t>(last));
    ASSERT_EQ(answer.curves.size(), static_cast<std::size_t>(kNames));
    for (std::size_t i = 0; i < answer.curves.size(); ++i) {
      const Curve& curve = answer.curves[i];
      ASSERT_EQ(curve.mean.size(), static_cast<std::size_t>(i == 0 ? last / 2 : last));
      for (std::size_t at = 0; at < curve.mean.size(); ++at) {
        const std::int64_t step = static_cast<std::int64_t>(i == 0 ? 2 * at + 2 : at + 1);
        const double value = static_cast<double>(step * kNames + static_cast<std::int64_t>(i));
        ASSERT_EQ(curve.firstStep[at], step);
        ASSERT_EQ(curve.mean[at], step > kRewind ? -value : value);
      }
    }
    EXPECT_EQ(answer.lastSequence, run->lastMetric());
  }
}

TEST(Histories, HaveTheNewestEventsAndSayHowManyWereBefore) {
  const test::TempFolder folder;
  run::RunDirectory writer = run::RunDirectory::create(folder / "r", config::preset("nano"));
  for (int i = 1; i <= 5500; ++i) writer.event(i, "checkpoint", std::to_string(i));
  writer.flush();
  const auto run = std::make_shared<const run::RunDirectory>(run::RunDirectory::open(folder / "r"));
  Histories histories;
  const auto answer = histories.curves("r", run, {}, 0, kEnd, 10, 5000);
  ASSERT_EQ(answer.events.size(), 5000U);
  EXPECT_EQ(answer.events.front().text, "501");
  EXPECT_EQ(answer.events.back().text, "5500");
  EXPECT_EQ(answer.eventsLeftOut, 500U);
  writer.event(5501, "checkpoint", "5501");
  writer.flush();
  const auto next = histories.curves("r", run, {}, 0, kEnd, 10, 3);
  ASSERT_EQ(next.events.size(), 3U);
  EXPECT_EQ(next.events.front().text, "5499");
  EXPECT_EQ(next.eventsLeftOut, 5498U);
  EXPECT_EQ(next.lastEvent, next.events.back().sequence);
}

TEST(History, CountsItsEventsAndKeepsNoLongTexts) {
  const test::TempFolder folder;
  run::RunDirectory writer = run::RunDirectory::create(folder / "r", config::preset("nano"));
  for (int i = 1; i <= 50; ++i) {
    writer.metrics(i, {{"loss", 1.0}});
    writer.event(i, "evaluation_failed", std::string(100'000, 'x'));
  }
  writer.flush();
  History history;
  history.update(writer);
  ASSERT_EQ(history.events().size(), 50U);
  EXPECT_EQ(history.events().front().text, std::string(16384, 'x'));
  EXPECT_GT(history.bytes(), 50U * (16 + 16384));
  EXPECT_LT(history.bytes(), 50U * (16 + 17000));
  // Those of before the newest are neither kept nor counted.
  for (std::size_t i = 0; i < History::kMostEvents; ++i) writer.event(51, "checkpoint", "");
  writer.flush();
  history.update(writer);
  EXPECT_EQ(history.events().front().text, "");
  EXPECT_LT(history.bytes(), History::kMostEvents * 200);
}

TEST(Histories, DoNotMixRunsThatTookTheSameName) {
  const test::TempFolder folder;
  Histories histories;
  for (const double value : {1.0, 2.0}) {
    run::RunDirectory writer = run::RunDirectory::create(folder / std::to_string(value), config::preset("nano"));
    writer.metrics(1, {{"loss", value}});
    writer.flush();
    const auto run = std::make_shared<const run::RunDirectory>(run::RunDirectory::open(writer.folder()));
    EXPECT_EQ(histories.curves("r", run, {}, 0, kEnd, 10).curves.at(0).mean, std::vector<double>{value});
  }
}

}  // namespace
}  // namespace ecumene::engine::daemon
