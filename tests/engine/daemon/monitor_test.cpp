// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/monitor.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <sstream>

#include "data/base/files.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::daemon {
namespace {

class Monitored : public ::testing::Test {
 protected:
  run::RunDirectory make(const std::string& id) {
    return run::RunDirectory::create(registry_.folder() / id, config::preset("nano"));
  }
  void start() {
    monitor_.emplace(registry_, supervisor_,
                     Monitor::Setup{folder_ / "alerts.sqlite",
                                    "echo \"$ECUMENE_ALERT_RULE|$ECUMENE_ALERT_OBJECT|$ECUMENE_ALERT_TEXT\"",
                                    folder_ / "told", calm_});
  }
  /// The last alert of a run by this rule, once it is as wanted.
  std::optional<Alert> waitFor(const std::string& rule, const std::string& run, bool holding) {
    for (int i = 0; i < 200; ++i) {
      std::optional<Alert> last;
      for (const Alert& alert : monitor_->alertsAfter(0, 1000)) {
        if (alert.rule == rule && alert.object == run) last = alert;
      }
      if (last && (last->until == 0.0) == holding) return last;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return std::nullopt;
  }
  std::size_t count(const std::string& run) {
    std::size_t found = 0;
    for (const Alert& alert : monitor_->alertsAfter(0, 1000)) found += alert.object == run ? 1U : 0U;
    return found;
  }

  double calm_ = 0.0;
  test::TempFolder folder_;
  Registry registry_{folder_ / "runs"};
  Stores stores_{{}};
  Supervisor supervisor_{registry_, stores_, Supervisor::Setup{folder_ / "none", folder_ / "launches.sqlite"}};
  std::optional<Monitor> monitor_;
};

TEST_F(Monitored, SaysOnceWhatComesToHoldAndWhenItIsOver) {
  make("old").setState(run::State::kFinished, "long ago");
  start();
  std::optional<run::RunDirectory> run = make("r");
  run->claim();
  run->setState(run::State::kRunning);
  run->metrics(1, {{"loss.total", 1.0}, {"gradient.norm", 50.0}});
  run->flush();
  const auto raised = waitFor("gradient", "r", true);
  ASSERT_TRUE(raised.has_value());
  EXPECT_EQ(raised->text, "gradient norm 50, above 10");
  // As the trainer's loop says it: a step that is left out has no metrics.
  run->event(2, "skipped", "the loss is nan; samples a/0");
  run->flush();
  const auto bad = waitFor("bad step", "r", true);
  ASSERT_TRUE(bad.has_value());
  EXPECT_EQ(bad->text, "step 2 was left out: the loss is nan; samples a/0");
  run->metrics(3, {{"loss.total", 1.0}, {"gradient.norm", 1.0}});
  run->flush();
  ASSERT_TRUE(waitFor("bad step", "r", false).has_value());
  ASSERT_TRUE(waitFor("gradient", "r", false).has_value());
  run->setState(run::State::kStopped, "asked to");
  run.reset();
  ASSERT_TRUE(waitFor("ended", "r", true).has_value());
  EXPECT_EQ(count("r"), 3U);
  EXPECT_EQ(count("old"), 0U);
  for (const Alert& alert : monitor_->alertsAfter(raised->id, 1000)) {
    EXPECT_TRUE(alert.id > raised->id || alert.until == 0.0) << alert.rule;
  }
  // The user's command was told each of them.
  for (int i = 0; i < 100 && readFile(folder_ / "told").find("ended|r|") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_NE(readFile(folder_ / "told").find("gradient|r|gradient norm 50, above 10\n"), std::string::npos);
  EXPECT_NE(readFile(folder_ / "told").find("ended|r|stopped: asked to\n"), std::string::npos);
}

TEST_F(Monitored, SaysOnceWhatWaversAndEndsItWithTheRun) {
  calm_ = 60.0;
  start();
  std::optional<run::RunDirectory> run = make("r");
  run->claim();
  run->setState(run::State::kRunning);
  for (int step = 1; step <= 4; ++step) {  // a look is every two seconds
    run->metrics(step, {{"gradient.norm", step % 2 == 1 ? 50.0 : 1.0}});
    run->flush();
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  }
  EXPECT_EQ(count("r"), 1U);
  EXPECT_TRUE(waitFor("gradient", "r", true).has_value());
  run->setState(run::State::kStopped, "asked to");
  run.reset();
  EXPECT_TRUE(waitFor("gradient", "r", false).has_value());
  EXPECT_EQ(count("r"), 2U);  // and that it has ended
}

TEST_F(Monitored, MissesNoSpikeBetweenTwoLooks) {
  start();
  run::RunDirectory run = make("r");
  run.claim();
  run.setState(run::State::kRunning);
  run.metrics(1, {{"gradient.norm", 1.0}});
  run.flush();
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  run.metrics(2, {{"gradient.norm", 77.0}});
  run.event(3, "skipped", "the loss is nan");
  for (int step = 4; step < 1000; ++step) run.metrics(step, {{"gradient.norm", 1.0}});
  run.flush();
  const auto spike = waitFor("gradient", "r", false);
  ASSERT_TRUE(spike.has_value());
  EXPECT_EQ(spike->text, "gradient norm 77, above 10");
  EXPECT_TRUE(waitFor("bad step", "r", false).has_value());
}

TEST_F(Monitored, KeepsReadingsWhileSomethingTrains) {
  start();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  monitor_.reset();
  run::RunDirectory run = make("r");
  start();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_TRUE(monitor_->readingsAfter(0.0, 100).empty());
  run.claim();
  for (int i = 0; i < 200 && monitor_->readingsAfter(0.0, 100).empty(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ASSERT_EQ(monitor_->readingsAfter(0.0, 100).size(), 1U);
  EXPECT_GT(monitor_->readingsAfter(0.0, 100).front().memoryTotal, 0U);
}

TEST_F(Monitored, SaysWhatEndedWhileThereWasNoDaemon) {
  auto run = make("r");
  run.setState(run::State::kStopped, "before");
  start();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  monitor_.reset();
  run.setState(run::State::kFinished, "meanwhile");
  start();
  ASSERT_TRUE(waitFor("ended", "r", true).has_value());
  // Once.
  monitor_.reset();
  start();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(count("r"), 1U);
}

TEST_F(Monitored, TellsAllOfManyAtOnceThoughFewCommandsRun) {
  constexpr int kRuns = 30;
  start();
  monitor_.reset();
  for (int i = 0; i < kRuns; ++i) make("r" + std::to_string(i)).setState(run::State::kFinished, "done");
  monitor_.emplace(
      registry_, supervisor_,
      Monitor::Setup{folder_ / "alerts.sqlite", "sleep 0.5; echo \"$ECUMENE_ALERT_OBJECT\"", folder_ / "told"});
  std::set<std::string> told;
  const auto look = [&] {
    std::istringstream lines(std::filesystem::exists(folder_ / "told") ? readFile(folder_ / "told") : std::string());
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) told.insert(line);
    return count;
  };
  for (int i = 0; i < 400 && look() < kRuns; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(look(), static_cast<std::size_t>(kRuns));
  EXPECT_EQ(told.size(), static_cast<std::size_t>(kRuns));
}

TEST_F(Monitored, TellsWhatItCouldNotTellAtOnce) {
  std::filesystem::create_directory(folder_ / "told");  // no command can write there
  start();
  run::RunDirectory run = make("r");
  run.claim();
  run.setState(run::State::kRunning);
  run.metrics(1, {{"loss.total", 1.0}, {"gradient.norm", 50.0}});
  run.flush();
  ASSERT_TRUE(waitFor("gradient", "r", true).has_value());
  run.event(2, "skipped", "the loss is nan");
  run.flush();
  // The round after the first telling.
  ASSERT_TRUE(waitFor("bad step", "r", true).has_value());
  std::filesystem::remove(folder_ / "told");
  const auto told = [&] {
    return std::filesystem::exists(folder_ / "told") ? readFile(folder_ / "told") : std::string();
  };
  for (int i = 0; i < 200 && told().find("gradient|r|") == std::string::npos; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_NE(told().find("gradient|r|gradient norm 50, above 10\n"), std::string::npos) << told();
}

TEST_F(Monitored, ReadsTheMachine) {
  start();
  const Readings readings = monitor_->readings();
  EXPECT_GT(readings.memoryTotal, readings.memoryAvailable);
  EXPECT_GT(readings.memoryAvailable, 0U);
  EXPECT_GT(readings.diskTotal, 0U);
  EXPECT_GE(readings.cores, 1U);
  EXPECT_EQ(readings.gpus.empty(), !readings.gpuAbsence.empty());
  EXPECT_NE(Nvml("no-such-library.so").absence().find("no-such-library.so is not here"), std::string::npos);
  EXPECT_TRUE(Nvml("no-such-library.so").read().empty());
  EXPECT_NE(Nvml("libz.so.1").absence().find("lacks a function"), std::string::npos);
}

}  // namespace
}  // namespace ecumene::engine::daemon
