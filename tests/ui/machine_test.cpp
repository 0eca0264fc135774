// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>
#include <fstream>
#include <limits>

#include "engine/run/run_directory.h"
#include "tests/ui/window.h"
#include "ui/client/machine_watch.h"
#include "ui/runs/machine_panel.h"
#include "ui/runs/plan_panel.h"

namespace ecumene::ui::runs {
namespace {

using engine::run::RunDirectory;
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
  EXPECT_EQ(gigabytesText(4.2e9), "4.20 GB");
  EXPECT_EQ(gigabytesText(32e9), "32.0 GB");
  EXPECT_EQ(gigabytesText(139e9), "139 GB");
  EXPECT_EQ(durationText(1.234), "1.23 s");
  EXPECT_EQ(durationText(80.4), "1 min 20 s");
  EXPECT_EQ(durationText(7380), "2 h 3 min");
  EXPECT_EQ(durationText(5 * 86400 + 3700), "5 d 1 h");
}

/// The window on a daemon whose `ecumene-train` is a script.
struct OnMachine {
  explicit OnMachine(const std::string& trainer = "")
      : store(memory / "store"), served(store, bin(trainer)), station(memory / "memory") {
    test::makeStore(store, 12);
    if (!station.show()) ADD_FAILURE() << "the window was not exposed";
    EXPECT_TRUE(station.open(served));
    station.window->showWorkspace("runs");
  }
  std::filesystem::path bin(const std::string& trainer) const {
    const std::filesystem::path folder = memory / "bin";
    std::filesystem::create_directory(folder);
    std::ofstream(folder / "ecumene-train") << "#!/bin/sh\n" << trainer;
    std::filesystem::permissions(folder / "ecumene-train", std::filesystem::perms::owner_all);
    return folder;
  }
  RunDirectory make(const std::string& id) const {
    engine::config::RunSpec spec = engine::config::preset("nano");
    spec.data.store = store.string();
    spec.train.device = "cpu";
    return RunDirectory::create(served.runs() / id, spec);
  }
  template <class T>
  T* child(const char* name) {
    return station.window->findChild<T*>(name);
  }
  test::TempFolder memory;
  std::filesystem::path store;
  test::Served served;
  test::Workstation station;
};

TEST(Machine, ReadingsAndRulesOfTheDaemonAreShown) {
  OnMachine open;
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

TEST(Machine, AnAlertComesAsANotificationOfItsRunAndOnce) {
  OnMachine open;
  auto* notes = open.child<shell::NotificationPanel>("notifications");
  auto run = open.make("alpha");
  run.claim();
  run.setState(State::kRunning);
  run.metrics(1, {{"loss.total", 1.0}, {"gradient.norm", 50.0}});
  run.flush();
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
  // Over: said in the list, and not notified.
  run.metrics(2, {{"loss.total", 1.0}, {"gradient.norm", 1.0}});
  run.flush();
  EXPECT_TRUE(test::waitFor([&] {
    const auto items = tree->findItems("Run alpha", Qt::MatchExactly);
    return items.size() == 1 && items.front()->text(2).endsWith("(over)");
  }));
  EXPECT_EQ(said("Run alpha"), 1);
}

constexpr const char* kCounts =
    R"sh(echo '{"parts": {"language": 30000000, "fusion": 12000000}, "total": 42000000, "memory": {"weights": 168000000,
 "gradients": 168000000, "optimiser": 336000000, "averages": 0, "checkpoint": 504000000}}')sh";

TEST(PlanPanel, CountsAtOnceAndSaysWhatIsNotKnown) {
  OnMachine open(kCounts);
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

TEST(PlanPanel, AMeasurementShowsItsProgressAndCanBeCancelled) {
  OnMachine open("if [ $1 = params ]; then " + std::string(kCounts) +
                 "\nexit; fi\ntrap 'exit 1' TERM\necho 'progress 3 8 steps' >&2\nwhile :; do sleep 0.1; done\n");
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

TEST(PlanPanel, WhatDoesNotFitIsAWarning) {
  OnMachine open(
      R"sh(echo '{"parts": {}, "total": 1, "memory": {"weights": 1, "gradients": 1, "optimiser": 1, "averages": 0,
 "checkpoint": 4000000000000000}}')sh");
  auto* warning = open.child<QLabel>("planWarning");
  ASSERT_TRUE(test::waitFor([&] { return warning->text().contains("this needs 8e+06 GB"); }))
      << warning->text().toStdString();
  EXPECT_TRUE(warning->text().startsWith("Warning: "));
}

}  // namespace
}  // namespace ecumene::ui::runs
