// SPDX-License-Identifier: GPL-3.0-or-later
// The form that launches a run.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QTableView>
#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "tests/ui/open_runs.h"
#include "ui/forms/option_form.h"
#include "ui/look/theme.h"
#include "ui/runs/launch_panel.h"

namespace ecumene::ui::runs {
namespace {

using engine::run::RunDirectory;
using engine::run::State;
using test::OpenRuns;

TEST(Launch, OffersEveryRunThatHasACheckpointToBeginWith) {
  OpenRuns open;
  auto* list = open.child<QListWidget>("beginnings");
  // As a trainer makes it: the first weights, later others; one that is being written is none.
  const auto writeCheckpoint = [](const engine::run::RunDirectory& run, const char* name) {
    std::filesystem::create_directories(run.checkpoints() / name);
  };
  auto run = open.make("alpha");
  run.claim();
  run.setState(State::kRunning);
  writeCheckpoint(run, "step-0000000000");
  writeCheckpoint(run, "step-0000000020.incomplete");
  ASSERT_TRUE(test::waitFor([&] { return open.child<QTableView>("runTable")->model()->rowCount() == 1; }));
  ASSERT_EQ(list->count(), 1);
  EXPECT_EQ(list->item(0)->flags() & Qt::ItemIsUserCheckable, 0);
  // The form stands open meanwhile, and nobody asks. The run goes on.
  writeCheckpoint(run, "step-0000000020");
  ASSERT_TRUE(test::waitFor([&] { return list->item(0)->text() == "alpha"; }));
  EXPECT_TRUE(list->item(0)->toolTip().contains("running, checkpoint of step 20"))
      << list->item(0)->toolTip().toStdString();
  list->item(0)->setCheckState(Qt::Checked);
  auto beta = open.make("beta");
  writeCheckpoint(beta, "step-0000000007");
  beta.setState(State::kFailed, "no memory");
  ASSERT_TRUE(test::waitFor([&] { return list->count() == 2; }));
  EXPECT_EQ(list->findItems("alpha", Qt::MatchExactly).front()->checkState(), Qt::Checked);
  EXPECT_EQ(list->findItems("beta", Qt::MatchExactly).front()->checkState(), Qt::Unchecked);
}

wire::PlacesReply places(const std::vector<std::string>& ids) {
  wire::PlacesReply reply;
  for (const std::string& id : ids) {
    wire::LaunchPlace& place = *reply.add_places();
    place.set_slot(id);
    place.set_words("words of " + id);
  }
  return reply;
}

TEST(Launch, AChosenPlaceThatIsGoneIsSaidAndNotReplaced) {
  OpenRuns open;
  LaunchPanel* panel = open.station.runs->launchPanel();
  auto* slot = open.child<QComboBox>("slot");
  auto* launch = open.child<QPushButton>("launch");
  auto* problem = open.child<QLabel>("launchProblem");
  ASSERT_TRUE(test::waitFor([&] { return launch->isEnabled() && !open.station.client.awaits("places"); }));
  panel->takePlaces(places({"cpu", "gpu:0", "gpu:1"}));
  slot->setCurrentIndex(slot->findData("gpu:1"));
  panel->takePlaces(places({"cpu", "gpu:0"}));
  EXPECT_EQ(slot->currentData().toString(), "gpu:1");
  EXPECT_EQ(slot->currentText(), "gpu:1, not there any more");
  EXPECT_FALSE(launch->isEnabled());
  EXPECT_TRUE(problem->text().contains("gpu:1")) << problem->text().toStdString();
  slot->setCurrentIndex(slot->findData("cpu"));
  EXPECT_TRUE(launch->isEnabled()) << problem->text().toStdString();
  // It goes from the list once it is left, and what comes back is not chosen by itself.
  panel->takePlaces(places({"cpu"}));
  EXPECT_EQ(slot->count(), 1);
  panel->takePlaces(places({"cpu", "gpu:0"}));
  EXPECT_EQ(slot->currentData().toString(), "cpu");
}

TEST(Launch, APlaceIsTakenAndFreeAsTheRunsOfTheListAre) {
  OpenRuns open;
  open.station.window->raiseDock("runsLaunch");
  auto* slot = open.child<QComboBox>("slot");
  const auto cpu = [&] { return slot->itemText(slot->findData("cpu")); };
  ASSERT_TRUE(test::waitFor([&] { return open.station.client.isUp() && !open.station.client.awaits("places"); }));
  ASSERT_EQ(cpu(), "CPU");
  std::optional<RunDirectory> run(open.make("alpha"));
  run->claim();
  run->setState(State::kRunning);
  EXPECT_TRUE(test::waitFor([&] { return cpu() == "CPU, taken by alpha"; })) << cpu().toStdString();
  // Its process ends some time after it has said so.
  run->setState(State::kStopped);
  QTest::qWait(2 * RunsWorkspace::kPollMs);
  run.reset();
  EXPECT_TRUE(test::waitFor([&] { return cpu() == "CPU"; })) << cpu().toStdString();
}

TEST(Launch, ItsButtonStaysWhereItIsAndIsSeenWhateverTheFormSays) {
  OpenRuns open;
  LaunchPanel* panel = open.station.runs->launchPanel();
  auto* launch = open.child<QPushButton>("launch");
  auto* problem = open.child<QLabel>("launchProblem");
  for (const QScrollArea* area : panel->findChildren<QScrollArea*>()) {
    for (const QWidget* around = area->parentWidget(); around != nullptr; around = around->parentWidget()) {
      EXPECT_EQ(qobject_cast<const QScrollArea*>(around), nullptr) << "one scrolls in the other";
    }
  }
  open.station.window->raiseDock("runsLaunch");
  ASSERT_TRUE(test::waitFor([&] { return launch->isEnabled(); }));
  auto* heads = qobject_cast<QLineEdit*>(panel->form()->editorOf("model.climate.heads"));
  for (const auto& [size, points] :
       {std::pair{QSize(1600, 1000), 10.0}, std::pair{QSize(1280, 800), 10.0}, std::pair{QSize(1280, 800), 20.0}}) {
    look::applyTheme(*qApp, "light", points);
    open.station.window->resize(size);
    heads->setText("8");
    QTest::qWait(120);
    ASSERT_EQ(open.station.window->size(), size);
    const QPoint place = launch->mapTo(open.station.window.get(), QPoint());
    EXPECT_EQ(launch->visibleRegion(), QRegion(launch->rect())) << points;
    heads->setText("7");
    open.child<QTabWidget>("launchPages")->setCurrentWidget(panel->form());
    QTest::qWait(120);
    EXPECT_EQ(problem->visibleRegion(), QRegion(problem->rect())) << points;
    EXPECT_GE(problem->height(), problem->heightForWidth(problem->width())) << points;
    EXPECT_EQ(launch->visibleRegion(), QRegion(launch->rect())) << points;
    EXPECT_EQ(launch->mapTo(open.station.window.get(), QPoint()), place) << points;
    open.child<QTabWidget>("launchPages")->setCurrentIndex(0);
  }
  look::applyTheme(*qApp, "light", 10.0);
}

TEST(Launch, WhatWasChosenStaysWhereOtherPlanetsAreShown) {
  OpenRuns open;
  auto run = open.make("alpha");
  std::filesystem::create_directories(run.checkpoints() / "step-0000000020");
  run.setState(State::kStopped);
  open.openWith("two");
  auto* list = open.child<QListWidget>("beginnings");
  ASSERT_TRUE(test::waitFor([&] { return list->item(0)->text() == "alpha" && !open.station.client.awaits("places"); }));
  list->item(0)->setCheckState(Qt::Checked);
  open.station.runs->launchPanel()->takePlaces(places({"cpu", "gpu:0", "gpu:1"}));
  auto* slot = open.child<QComboBox>("slot");
  slot->setCurrentIndex(slot->findData("gpu:1"));
  open.station.client.chooseStore("two");
  EXPECT_EQ(open.child<QComboBox>("launchStore")->currentText(), "two");
  EXPECT_EQ(slot->currentData().toString(), "gpu:1");
  ASSERT_EQ(list->item(0)->text(), "alpha");
  EXPECT_EQ(list->item(0)->checkState(), Qt::Checked);
}

TEST(Launch, IsRefusedWhileAnOptionIsWrongOrContradictsAnother) {
  OpenRuns open;
  LaunchPanel* panel = open.station.runs->launchPanel();
  auto* launch = open.child<QPushButton>("launch");
  ASSERT_TRUE(test::waitFor([&] { return launch->isEnabled(); }));
  auto* heads = qobject_cast<QLineEdit*>(panel->form()->editorOf("model.climate.heads"));
  heads->setText("x");
  EXPECT_FALSE(launch->isEnabled());
  heads->setText("7");
  EXPECT_FALSE(launch->isEnabled());
  EXPECT_TRUE(open.child<QLabel>("launchProblem")->text().contains("model.climate"))
      << open.child<QLabel>("launchProblem")->text().toStdString();
  heads->setText("8");
  auto* name = open.child<QLineEdit>("runName");
  for (const char* wrong : {"a/b", "", "my run", ".hidden", "ä"}) {
    name->setText(QString::fromUtf8(wrong));
    EXPECT_FALSE(launch->isEnabled()) << wrong;
  }
  name->setText(" my-run_2.0 ");
  EXPECT_TRUE(launch->isEnabled()) << open.child<QLabel>("launchProblem")->text().toStdString();
}

TEST(Launch, IsOfferedAgainWhereTheDaemonIsLeftBeforeItAnswers) {
  OpenRuns open;
  auto* launch = open.child<QPushButton>("launch");
  ASSERT_TRUE(test::waitFor([&] { return launch->isEnabled(); }));
  std::mutex gate;
  gate.lock();
  open.station.client.ask(
      "gate", open.station.runs, [&](client::Daemon&) { const std::lock_guard wait(gate); }, [] {}, [](const Error&) {},
      client::Client::Lane::kSlow);
  launch->click();
  EXPECT_FALSE(launch->isEnabled());
  open.station.client.connectTo("test", open.served.dial());
  gate.unlock();
  EXPECT_TRUE(test::waitFor([&] { return launch->isEnabled(); }));
}

TEST(Launch, WithoutATrainerSaysWhatToDo) {
  OpenRuns open;
  auto* launch = open.child<QPushButton>("launch");
  ASSERT_TRUE(test::waitFor([&] { return launch->isEnabled(); }));
  launch->click();
  auto* notes = open.child<shell::NotificationPanel>("notifications");
  EXPECT_TRUE(test::waitFor([&] { return notes->count() >= 1; }));
}

TEST(Launch, StartsARealTrainerWhoseCurvesAppear) {
  const char* programs = std::getenv("ECUMENE_BIN");
  const std::filesystem::path bin = programs == nullptr ? "" : programs;
  if (!std::filesystem::exists(bin / "ecumene-train")) GTEST_SKIP() << "this build has no ecumene-train (no Torch)";
  const test::TempFolder folder;
  const std::string made = (bin / "ecumene-data").string() + " generate --planets 24 --seed 7 --store " +
                           (folder / "planets").string() + " > /dev/null 2>&1";
  ASSERT_EQ(std::system(made.c_str()), 0);
  OpenRuns open(folder / "planets", bin);
  LaunchPanel* panel = open.station.runs->launchPanel();
  open.child<QLineEdit>("runName")->setText("first");
  auto* plan = open.child<QLabel>("plan");
  ASSERT_TRUE(test::waitFor([&] { return plan->text().contains("parameters"); })) << plan->text().toStdString();
  qobject_cast<QLineEdit*>(panel->form()->editorOf("train.threads"))->setText("1");
  auto* launch = open.child<QPushButton>("launch");
  ASSERT_TRUE(test::waitFor([&] { return launch->isEnabled(); }));
  launch->click();
  ASSERT_TRUE(test::waitFor([&] { return open.station.runs->viewState()["run"].toString() == "first"; }));
  bool curves = false;
  for (int i = 0; i < 3 && !curves; ++i)
    curves = test::waitFor([&] { return open.station.runs->curves()->curves().contains("loss.total"); });
  EXPECT_TRUE(curves);
  const auto run = RunDirectory::open(open.served.runs() / "first");
  auto* stop = open.child<QPushButton>("stop");
  if (test::waitFor([&] { return stop->isEnabled() || run.state() == State::kFinished; }) && stop->isEnabled())
    stop->click();
  bool ended = false;
  for (int i = 0; i < 3 && !ended; ++i) ended = test::waitFor([&] { return !run.owner().has_value(); });
  EXPECT_TRUE(ended);
  EXPECT_TRUE(run.state() == State::kStopped || run.state() == State::kFinished) << nameOf(run.state());
}

}  // namespace
}  // namespace ecumene::ui::runs
