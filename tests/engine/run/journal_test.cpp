// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <set>

#include "data/base/error.h"
#include "engine/run/run_directory.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::run {
namespace {

class Journal : public ::testing::Test {
 protected:
  RunDirectory create() const { return RunDirectory::create(folder_ / "r", config::preset("nano")); }
  RunDirectory open() const { return RunDirectory::open(folder_ / "r"); }

 private:
  test::TempFolder folder_;
};

TEST_F(Journal, MetricsComeBackAsGiven) {
  RunDirectory run = create();
  const double infinite = std::numeric_limits<double>::infinity();
  run.metrics(1, {{"loss", 0.1}, {"norm/climate", 1e-308}});
  run.metrics(2, {{"loss", -infinite}, {"norm/climate", std::nan("")}});
  run.flush();
  const std::vector<MetricRow> rows = open().metricsAfter(0);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].name, "loss");
  EXPECT_EQ(rows[0].value, 0.1);
  EXPECT_EQ(rows[1].name, "norm/climate");
  EXPECT_EQ(rows[1].value, 1e-308);
  EXPECT_EQ(rows[2].step, 2);
  EXPECT_EQ(rows[2].value, -infinite);
  EXPECT_TRUE(std::isnan(rows[3].value));
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_GT(rows[i].sequence, rows[i - 1].sequence);
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_NEAR(rows[0].time, now, 60.0);
}

TEST_F(Journal, SequenceAsksForTheRestOnly) {
  RunDirectory run = create();
  for (int step = 1; step <= 10; ++step) {
    run.metrics(step, {{"loss", step * 1.0}});
    run.event(step, "note", "step " + std::to_string(step));
  }
  run.flush();
  const std::vector<MetricRow> first = run.metricsAfter(0, 4);
  ASSERT_EQ(first.size(), 4U);
  const std::vector<MetricRow> rest = run.metricsAfter(first.back().sequence);
  ASSERT_EQ(rest.size(), 6U);
  EXPECT_EQ(rest.front().value, 5.0);
  EXPECT_TRUE(run.metricsAfter(rest.back().sequence).empty());
  const std::vector<Event> events = run.eventsAfter(run.eventsAfter(0, 9).back().sequence);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].text, "step 10");
  EXPECT_EQ(events[0].kind, "note");
  EXPECT_EQ(events[0].step, 10);
}

TEST_F(Journal, ForgottenNumbersAreNotUsedAgain) {
  RunDirectory run = create();
  for (int step = 1; step <= 10; ++step) run.metrics(step, {{"loss", step * 1.0}});
  run.forgetAfter(7);
  std::vector<MetricRow> rows = run.metricsAfter(0);
  ASSERT_EQ(rows.size(), 7U);
  run.metrics(8, {{"loss", 80.0}});
  run.flush();
  // Who had seen all ten asks for what came after the tenth, and gets it.
  rows = run.metricsAfter(10);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].value, 80.0);
  const std::vector<Event> events = run.eventsAfter(0);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].kind, "rewound");
  EXPECT_EQ(events[0].step, 7);
  EXPECT_EQ(events[0].text.substr(0, 2), "3 ");
}

TEST_F(Journal, AMetricHasOneValueAStep) {
  RunDirectory run = create();
  run.metrics(4, {{"loss", 1.0}, {"score", std::nan("")}});
  run.forgetAfter(4);
  run.metrics(4, {{"loss", 2.0}, {"score", 3.0}, {"late", 4.0}});
  run.metrics(5, {{"loss", 5.0}});
  run.flush();
  std::vector<std::string> kept;
  for (const MetricRow& row : run.metricsAfter(0)) kept.push_back(row.name + " " + std::to_string(row.value));
  EXPECT_EQ(kept, (std::vector<std::string>{"loss 1.000000", "score nan", "late 4.000000", "loss 5.000000"}));
}

TEST_F(Journal, CommandsAreAnsweredOnce) {
  RunDirectory run = create();
  RunDirectory asking = open();
  const std::string hostile = "train.lr='); DROP TABLE command; --";
  const std::int64_t set = asking.request("set", hostile);
  const std::int64_t stop = asking.request("stop", "");
  std::vector<Command> open = run.commands("requested");
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[0].id, set);
  EXPECT_EQ(open[0].argument, hostile);
  run.answer(set, "refused", "train.lr: no number");
  run.answer(stop, "accepted", "");
  EXPECT_TRUE(run.commands("requested").empty());
  run.answer(stop, "done", "at step 3");
  const std::vector<Command> all = asking.commands();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].state, "refused");
  EXPECT_EQ(all[0].answer, "train.lr: no number");
  EXPECT_EQ(all[1].state, "done");
  EXPECT_THROW(run.answer(set, "done", ""), Error);
  EXPECT_THROW(run.answer(99, "done", ""), Error);
  EXPECT_THROW(asking.request("explode", ""), Error);
}

TEST_F(Journal, StatesAreKept) {
  {
    RunDirectory run = create();
    for (const State state : {State::kRunning, State::kPaused, State::kStopped, State::kFinished, State::kFailed}) {
      run.setState(state, "because " + std::string(nameOf(state)));
      EXPECT_EQ(run.state(), state);
    }
  }
  const Status status = open().status();
  EXPECT_EQ(status.state, State::kFailed);
  EXPECT_EQ(status.reason, "because failed");
}

TEST_F(Journal, NewsAreOfOneMoment) {
  RunDirectory run = create();
  for (int step = 1; step <= 4; ++step) run.metrics(step, {{"loss", step * 1.0}, {"norm", -1.0 * step}});
  run.event(0, "made", "nano");
  run.flush();
  const News first = run.newsAfter(0, 0, 100);
  ASSERT_EQ(first.points.size(), 8U);
  ASSERT_EQ(first.events.size(), 1U);
  EXPECT_EQ(first.names.at(first.points[2].name), "loss");
  EXPECT_EQ(first.points[2].step, 2);
  EXPECT_EQ(first.points[2].value, 2.0);
  EXPECT_EQ(run.lastMetric(), 8);

  run.forgetAfter(2);
  run.metrics(3, {{"loss", 30.0}});
  run.flush();
  const News second = run.newsAfter(8, first.events[0].sequence, 100);
  ASSERT_EQ(second.events.size(), 1U);
  EXPECT_EQ(second.events[0].kind, "rewound");
  ASSERT_EQ(second.points.size(), 1U);
  EXPECT_EQ(second.points[0].value, 30.0);
  // As long as a "rewound" may be among events that do not fit, points wait.
  const News cut = run.newsAfter(0, 0, 1);
  EXPECT_EQ(cut.events.size(), 1U);
  EXPECT_TRUE(cut.points.empty());
  EXPECT_EQ(run.newsAfter(0, second.events[0].sequence, 3).points.size(), 3U);
}

TEST_F(Journal, WhatWaitsAtTheEndIsCommitted) {
  {
    RunDirectory run = create();
    for (int step = 1; step <= 5000; ++step) run.metrics(step, {{"loss", step * 1.0}});
  }
  EXPECT_EQ(open().metricsAfter(0).back().value, 5000.0);
}

TEST_F(Journal, MillionRowsAreReadFromTheirEnd) {
  constexpr std::int64_t kSteps = 20000;
  constexpr std::int64_t kNames = 50;
  RunDirectory run = create();
  std::vector<Metric> metrics;
  for (std::int64_t i = 0; i < kNames; ++i) metrics.push_back({"metric " + std::to_string(i), static_cast<double>(i)});
  const auto begin = std::chrono::steady_clock::now();
  for (std::int64_t step = 1; step <= kSteps; ++step) run.metrics(step, metrics);
  run.flush();
  const auto written = std::chrono::steady_clock::now();
  const RunDirectory reader = open();
  const std::vector<MetricRow> rows = reader.metricsAfter(kSteps * kNames - 100);
  const auto read = std::chrono::steady_clock::now();
  ASSERT_EQ(rows.size(), 100U);
  EXPECT_EQ(rows.front().sequence, kSteps * kNames - 99);
  EXPECT_EQ(rows.back().step, kSteps);
  EXPECT_EQ(rows.back().name, "metric 49");
  std::printf("1,000,000 rows written in %.1f s, the last 100 read in %.2f ms\n",
              std::chrono::duration<double>(written - begin).count(),
              std::chrono::duration<double, std::milli>(read - written).count());
}

}  // namespace
}  // namespace ecumene::engine::run
