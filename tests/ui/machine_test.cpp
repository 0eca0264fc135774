// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QDateTime>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>
#include <algorithm>
#include <limits>
#include <optional>

#include "engine/daemon/reading_log.h"
#include "tests/ui/open_runs.h"
#include "ui/client/machine_watch.h"
#include "ui/runs/machine_curves.h"
#include "ui/runs/machine_panel.h"
#include "ui/runs/plan_panel.h"
#include "ui/runs/size_text.h"

namespace ecumene::ui::runs {
namespace {

using engine::run::State;

wire::Alert alert(const char* rule, const char* object, const char* text) {
  wire::Alert made;
  made.set_rule(rule);
  made.set_object(object);
  made.set_text(text);
  return made;
}

TEST(Machine, AlertsNameWhatTheyAreAbout) {
  const shell::Note gradient =
      noteOf(alert("gradient", "demo", "gradient norm 12, above 10"), "Gradient norm above 10");
  EXPECT_EQ(gradient.title, "Run demo: gradient norm 12, above 10");
  EXPECT_EQ(gradient.details, "Gradient norm above 10");
  EXPECT_EQ(gradient.severity, shell::Severity::kWarning);
  EXPECT_EQ(noteOf(alert("gpu memory", "gpu:3", "94.0 % of its memory is used"), {}).title,
            "GPU 3: 94.0 % of its memory is used");
  EXPECT_EQ(noteOf(alert("disk", "disk", "2.0 GiB free, 1 %"), {}).title, "Disk: 2.0 GiB free, 1 %");
  EXPECT_EQ(noteOf(alert("ended", "demo", "finished: all epochs are done"), {}).severity,
            shell::Severity::kInformation);
  EXPECT_EQ(noteOf(alert("ended", "demo", "killed: signal 9"), {}).severity, shell::Severity::kWarning);
}

TEST(Machine, SizesAndTimesAreRoundedToWhatIsKnown) {
  EXPECT_EQ(sizeText(1.25e7), "12.5 MB");
  EXPECT_EQ(sizeText(5e8), "500 MB");
  EXPECT_EQ(sizeText(4.2e9), "4.20 GB");
  EXPECT_EQ(sizeText(32e9), "32.0 GB");
  EXPECT_EQ(sizeText(139e9), "139 GB");
  EXPECT_EQ(durationText(1.234), "1.23 s");
  EXPECT_EQ(durationText(80.4), "1 min 20 s");
  EXPECT_EQ(durationText(7380), "2 h 3 min");
  EXPECT_EQ(durationText(5 * 86400 + 3700), "5 d 1 h");
}

TEST(Machine, ReadingsAndRulesOfTheDaemonAreShown) {
  test::OpenRuns open;
  MachineLabel label(open.station.runs->machine());
  ASSERT_TRUE(test::waitFor([&] { return label.text().contains("memory"); })) << label.text().toStdString();
  EXPECT_TRUE(label.text().startsWith("CPU "));
  EXPECT_TRUE(label.text().contains(" GB free"));
  auto* rules = open.child<QTreeWidget>("ruleTree");
  ASSERT_TRUE(test::waitFor([&] { return rules->topLevelItemCount() >= 8; }));
  if (!std::filesystem::exists("/dev/nvidia0")) {
    EXPECT_TRUE(open.child<QLabel>("gpuAbsence")->text().contains("no GPU readings"));
  }
  // Of a daemon that has gone no reading is left.
  open.served.daemon.reset();
  EXPECT_TRUE(test::waitFor([&] { return label.text().isEmpty(); })) << label.text().toStdString();
}

TEST(Machine, RulesAreReadWholeInANarrowPanel) {
  test::OpenRuns open;
  open.station.window->resize(1280, 800);
  open.station.window->raiseDock("runsMachine");
  auto* rules = open.child<QTreeWidget>("ruleTree");
  ASSERT_TRUE(test::waitFor([&] { return rules->topLevelItemCount() >= 8; }));
  QTest::qWait(150);
  const QFontMetrics metrics = rules->fontMetrics();
  int wrapped = 0;
  for (int i = 0; i < rules->topLevelItemCount(); ++i) {
    const QTreeWidgetItem* item = rules->topLevelItem(i);
    const QRect row = rules->visualItemRect(item);
    const int needed =
        metrics.boundingRect(QRect(0, 0, rules->columnWidth(1), 10000), Qt::TextWordWrap, item->text(1)).height();
    EXPECT_GE(row.height(), needed) << item->text(1).toStdString();
    EXPECT_LE(row.bottom(), rules->viewport()->height()) << "below the table's end";
    EXPECT_LE(metrics.horizontalAdvance(item->text(0)), rules->columnWidth(0));
    wrapped += needed > metrics.height() ? 1 : 0;
  }
  EXPECT_GT(wrapped, 0) << "all rules fit into a line: this test sees nothing";
}

TEST(Machine, IsReadOverASlowWay) {
  test::OpenRuns open;
  const client::MachineWatch& machine = *open.station.runs->machine();
  ASSERT_TRUE(test::waitFor([&] { return machine.readings().time() > 0.0; }));
  const test::SlowWay slow(open.station.client);
  QTest::qWait(500);  // what was asked before has come
  const double before = machine.readings().time();
  EXPECT_TRUE(test::waitFor([&] { return machine.readings().time() > before; }));
}

TEST(Machine, ReadingsAndAlertsStayWhereOtherPlanetsAreShown) {
  test::OpenRuns open;
  open.openWith("two");
  const client::MachineWatch& machine = *open.station.runs->machine();
  ASSERT_TRUE(test::waitFor([&] { return machine.readings().time() > 0.0 && !machine.rules().empty(); }));
  open.station.client.chooseStore("two");
  EXPECT_GT(machine.readings().time(), 0.0);
  EXPECT_FALSE(machine.rules().empty());
}

wire::ReadingsReply reading(double time, double busy) {
  wire::ReadingsReply machine;
  machine.set_time(time);
  machine.set_cpu_busy(0.25);
  machine.set_memory_total(1000);
  machine.set_memory_available(400);
  machine.set_disk_total(1000);
  machine.set_disk_free(900);
  wire::Gpu& gpu = *machine.add_gpus();
  gpu.set_index(1);
  gpu.set_busy(busy);
  gpu.set_memory_total(200);
  gpu.set_memory_used(50);
  gpu.set_temperature_c(61.0);
  return machine;
}

TEST(Machine, ReadingsBecomeCurvesOfTheLastTwoWeeks) {
  MachineCurves curves;
  curves.take(reading(0.0, 0.5));  // nobody answers
  EXPECT_TRUE(curves.curves().isEmpty());
  curves.take(reading(1000.0, 0.5));
  curves.take(reading(1000.0, 0.9));  // the same reading once more
  curves.take(reading(1002.0, std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ(curves.curves(),
            (QStringList{"CPU (%)", "GPU 1 (°C)", "GPU 1 busy (%)", "GPU 1 memory (%)", "disk (%)", "memory (%)"}));
  EXPECT_EQ(curves.size("CPU (%)"), 2U);
  EXPECT_EQ(curves.size("GPU 1 busy (%)"), 1U);
  EXPECT_EQ(curves.readOut()["GPU 1 busy (%)"], 50.0);
  EXPECT_EQ(curves.readOut()["GPU 1 memory (%)"], 25.0);
  EXPECT_EQ(curves.readOut()["memory (%)"], 60.0);
  EXPECT_NEAR(curves.readOut()["disk (%)"], 10.0, 1e-9);
  curves.take(reading(1002.0 + MachineCurves::kKeptSeconds, 0.5));
  EXPECT_EQ(curves.size("CPU (%)"), 1U);
  curves.forget();
  EXPECT_TRUE(curves.curves().isEmpty());
}

TEST(Machine, WhatWasReadBeforeTheWindowStandsBeforeWhatItSees) {
  MachineCurves curves;
  curves.take(reading(1000.0, 0.5));
  curves.take(reading(1002.0, 0.5));
  curves.takePast({reading(900.0, 0.1), reading(950.0, 0.2), reading(1000.0, 0.5)});
  EXPECT_EQ(curves.size("CPU (%)"), 4U);
  EXPECT_EQ(curves.readOut()["GPU 1 busy (%)"], 50.0);
  // A cut of the way is filled, in its place.
  curves.take(reading(2000.0, 0.9));
  curves.takePast({reading(1500.0, 0.4)});
  EXPECT_EQ(curves.size("CPU (%)"), 6U);
  EXPECT_EQ(curves.readOut()["GPU 1 busy (%)"], 90.0);
  for (int i = 1; i < 30'000; ++i) curves.take(reading(2000.0 + 2.0 * i, 0.5));
  EXPECT_LE(curves.size("CPU (%)"), MachineCurves::kMostSamples);
  EXPECT_GE(curves.size("CPU (%)"), MachineCurves::kMostSamples / 2);
}

TEST(Machine, AWindowThatOpensLaterShowsTheTimeBefore) {
  test::OpenRuns open;
  auto run = open.make("alpha");
  run.claim();
  run.setState(State::kRunning);
  run.flush();
  // As a daemon kept it that served these runs before.
  open.served.daemon.reset();
  const double now = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000.0;
  {
    engine::daemon::ReadingLog log(open.served.runs() / ".daemon" / "readings.sqlite");
    for (int i = 0; i < 30; ++i) {
      engine::daemon::Readings readings;
      readings.time = now - 600.0 + 20.0 * i;
      readings.cpuBusy = 0.5;
      log.add(readings);
    }
  }
  open.served.begin();
  ASSERT_TRUE(open.station.open(open.served));
  EXPECT_TRUE(test::waitFor([&] { return open.child<MachineCurves>("machineCurves")->size("CPU (%)") >= 30; }));
}

TEST(Machine, AnAlertComesAsANotificationOfItsRunAndOnce) {
  test::OpenRuns open;
  auto* notes = open.child<shell::NotificationPanel>("notifications");
  std::optional<engine::run::RunDirectory> run = open.make("alpha");
  run->claim();
  run->setState(State::kRunning);
  run->metrics(1, {{"loss.total", 1.0}, {"gradient.norm", 50.0}});
  run->flush();
  const auto said = [&](const QString& text) {
    int count = 0;
    for (const QLabel* label : notes->findChildren<QLabel*>()) count += label->text().contains(text) ? 1 : 0;
    return count;
  };
  ASSERT_TRUE(test::waitFor([&] { return said("Run alpha: gradient norm 50, above 10") == 1; }));
  auto* tree = open.child<QTreeWidget>("alertTree");
  ASSERT_TRUE(test::waitFor([&] { return !tree->findItems("Run alpha", Qt::MatchExactly).isEmpty(); }));
  emit tree->itemActivated(tree->findItems("Run alpha", Qt::MatchExactly).front(), 0);
  EXPECT_EQ(open.station.runs->viewState()["run"].toString(), "alpha");
  // Over with the run: said in the list, and not notified.
  run->setState(State::kStopped, "asked to");
  run.reset();
  EXPECT_TRUE(test::waitFor([&] {
    const auto items = tree->findItems("Run alpha", Qt::MatchExactly);
    const auto over = [](const auto* item) { return item->text(2).endsWith("above 10 (over)"); };
    return items.size() == 2 && std::ranges::count_if(items, over) == 1;  // and that it has ended
  }));
  EXPECT_EQ(said("gradient norm"), 1);
  EXPECT_EQ(said("Run alpha"), 2);
}

constexpr const char* kCounts =
    R"sh(echo '{"parts": {"language": 30000000, "fusion": 12000000}, "total": 42000000, "memory": {"weights": 168000000,
 "gradients": 168000000, "optimiser": 336000000, "averages": 0, "checkpoint": 504000000}}')sh";

TEST(PlanPanel, CountsAtOnceAndSaysWhatIsNotKnown) {
  test::OpenRuns open(kCounts, 12);
  const auto text = [&](const char* name) { return open.child<QLabel>(name)->text(); };
  ASSERT_TRUE(test::waitFor([&] { return text("plan").contains("42,000,000 parameters"); }))
      << text("plan").toStdString();
  EXPECT_TRUE(text("planMemory").contains("weights 168 MB") || text("planMemory").contains("weights 0.17 GB"))
      << text("planMemory").toStdString();
  EXPECT_TRUE(text("planMemory").contains("activations are not known"));
  EXPECT_TRUE(text("planTime").startsWith("not known"));
  EXPECT_TRUE(text("planSteps").contains(" an epoch")) << text("planSteps").toStdString();
  EXPECT_TRUE(text("planMachine").contains("available"));
  EXPECT_TRUE(open.child<QPushButton>("measure")->isEnabled());
}

TEST(PlanPanel, NothingOfItIsCut) {
  test::OpenRuns open(kCounts, 12);
  open.station.window->resize(1280, 800);
  open.station.window->raiseDock("runsLaunch");
  const auto* panel = open.child<PlanPanel>("planPanel");
  ASSERT_TRUE(test::waitFor([&] { return open.child<QLabel>("plan")->text().contains("42,000,000 parameters"); }));
  QTest::qWait(100);
  int seen = 0;
  for (const QLabel* label : panel->findChildren<QLabel*>()) {
    if (label->isHidden() || !label->wordWrap()) continue;
    EXPECT_GE(label->height(), label->heightForWidth(label->width())) << label->objectName().toStdString();
    ++seen;
  }
  EXPECT_EQ(seen, 6);
}

TEST(PlanPanel, SaysOneAndSeveralAsPeopleDo) {
  client::Client client;
  PlanPanel panel(&client);
  wire::PlanReply plan;
  plan.set_parameters(1500);
  plan.set_samples(2680);
  plan.set_steps_per_epoch(168);
  plan.set_epochs(1);
  panel.show(plan);
  const auto* steps = panel.findChild<QLabel*>("planSteps");
  EXPECT_EQ(steps->text(), "168 in all: 168 an epoch, 1 epoch of 2,680 samples");
  EXPECT_EQ(panel.summary(), "1,500 parameters, 168 steps");
  plan.set_steps_per_epoch(1);
  plan.set_samples(1);
  plan.add_rates()->set_seconds_per_step(90.0);
  plan.add_warnings("too much");
  panel.show(plan);
  EXPECT_EQ(steps->text(), "1 in all: 1 an epoch, 1 epoch of 1 sample");
  EXPECT_EQ(panel.summary(), "1,500 parameters, 1 step, 1 min 30 s, 1 warning");
  plan.set_epochs(12);
  panel.show(plan);
  EXPECT_EQ(steps->text(), "12 in all: 1 an epoch, 12 epochs of 1 sample");
}

TEST(PlanPanel, TheCostIsTimeTimesPrice) {
  test::OpenRuns open(kCounts, 12);
  auto* cost = open.child<QLabel>("planCost");
  ASSERT_TRUE(test::waitFor([&] { return cost->text().contains("set in Settings"); })) << cost->text().toStdString();
  open.station.runs->setPrice({2.5, "USD"});
  EXPECT_EQ(cost->text(), "not known without the time; 2.50 USD an hour");
  PlanPanel panel(&open.station.client);
  panel.setPrice({2.5, "USD"});
  wire::PlanReply plan;
  plan.set_parameters(1);
  plan.set_samples(10);
  plan.set_steps_per_epoch(100);
  plan.set_epochs(36);
  wire::MeasuredRate& rate = *plan.add_rates();
  rate.set_seconds_per_step(2.0);  // 3,600 steps of 2 s are two hours
  panel.show(plan);
  EXPECT_EQ(panel.findChild<QLabel*>("planCost")->text(), "5.00 USD for all steps, at 2.50 USD an hour");
}

TEST(PlanPanel, AMeasurementShowsItsProgressAndCanBeCancelled) {
  test::OpenRuns open(
      "if [ $1 = params ]; then " + std::string(kCounts) +
          "\nexit; fi\ntrap 'exit 1' TERM\necho 'progress 3 8 steps' >&2\nwhile :; do sleep 0.1; done\n",
      12);
  auto* measure = open.child<QPushButton>("measure");
  ASSERT_TRUE(test::waitFor([&] { return measure->isEnabled(); }));
  measure->click();
  auto* time = open.child<QLabel>("planTime");
  ASSERT_TRUE(test::waitFor([&] { return time->text().contains("3 of 8 steps"); })) << time->text().toStdString();
  EXPECT_EQ(open.child<QProgressBar>("measureBar")->value(), 3);
  EXPECT_EQ(measure->text(), "Cancel");
  measure->click();
  ASSERT_TRUE(test::waitFor([&] { return time->text().contains("cancelled"); })) << time->text().toStdString();
  EXPECT_FALSE(open.child<QProgressBar>("measureBar")->isVisible());
}

TEST(PlanPanel, AMeasurementIsFollowedOverASlowWayAndWhereOtherPlanetsAreShown) {
  test::OpenRuns open(
      "if [ $1 = params ]; then " + std::string(kCounts) +
          "\nexit; fi\ntrap 'exit 1' TERM\necho 'progress 3 8 steps' >&2\nwhile :; do sleep 0.1; done\n",
      12);
  open.openWith("two");
  auto* measure = open.child<QPushButton>("measure");
  ASSERT_TRUE(test::waitFor([&] { return measure->isEnabled(); }));
  measure->click();
  ASSERT_TRUE(test::waitFor([&] { return measure->text() == "Cancel"; }));
  {
    const test::SlowWay slow(open.station.client);
    open.station.client.chooseStore("two");
    auto* time = open.child<QLabel>("planTime");
    EXPECT_TRUE(test::waitFor([&] { return time->text().contains("3 of 8 steps"); })) << time->text().toStdString();
  }
  EXPECT_EQ(measure->text(), "Cancel");
  measure->click();
  EXPECT_TRUE(test::waitFor([&] { return measure->text() != "Cancel"; }));
}

TEST(PlanPanel, WhatDoesNotFitIsAWarning) {
  test::OpenRuns open(
      R"sh(echo '{"parts": {}, "total": 1, "memory": {"weights": 1, "gradients": 1, "optimiser": 1, "averages": 0,
 "checkpoint": 4000000000000000}}')sh",
      12);
  auto* warning = open.child<QLabel>("planWarning");
  ASSERT_TRUE(test::waitFor([&] { return warning->text().contains("this needs 8e+06 GB"); }))
      << warning->text().toStdString();
  EXPECT_TRUE(warning->text().startsWith("Warning: "));
}

}  // namespace
}  // namespace ecumene::ui::runs
