// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <qcustomplot.h>

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSysInfo>
#include <QTableView>
#include <QThread>
#include <QTimer>
#include <QTreeWidget>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "tests/support/counts.h"
#include "tests/ui/open_runs.h"
#include "ui/forms/option_form.h"
#include "ui/runs/comparison.h"
#include "ui/runs/launch_panel.h"
#include "ui/runs/run_list.h"
#include "ui/runs/spent.h"

namespace ecumene::ui::runs {
namespace {

using engine::run::RunDirectory;
using engine::run::State;

using test::OpenRuns;

TEST(RunList, AgesAreWords) {
  EXPECT_EQ(ageText(59.9), "59 s");
  EXPECT_EQ(ageText(3599), "59 min");
  EXPECT_EQ(ageText(90000), "1 d");
}

TEST(RunList, AMachineIsItsPlaceAndItsHost) {
  wire::Run run;
  EXPECT_EQ(placeText(run, "pod1.example.org"), "pod1");
  run.set_slot("gpu:0");
  EXPECT_EQ(placeText(run, "pod1.example.org"), "gpu:0, pod1");
  EXPECT_EQ(placeText(run, ""), "gpu:0");
}

wire::Event event(double time, const char* kind) {
  wire::Event made;
  made.set_time(time);
  made.set_kind(kind);
  return made;
}

TEST(Spent, TimeIsThatBetweenBeginningsAndEnds) {
  TrainedTime time;
  wire::Run run;
  run.set_state("running");
  EXPECT_EQ(time.seconds(run, 50.0), 0.0);
  time.take(event(90.0, "made"));
  time.take(event(100.0, "started"));
  EXPECT_EQ(time.seconds(run, 130.0), 30.0);
  time.take(event(140.0, "checkpoint"));
  // Killed some time after its checkpoint, and resumed much later: the last that is known of it counts, not what the
  // next trainer writes on its way.
  for (const char* kind : {"checkpoint_damaged", "rewound", "attention", "peak"}) time.take(event(995.0, kind));
  time.take(event(1000.0, "resumed"));
  time.take(event(1060.0, "stopped"));
  run.set_state("stopped");
  EXPECT_EQ(time.seconds(run, 5000.0), 40.0 + 60.0);
  time.take(event(6000.0, "evaluated"));
  time.take(event(7000.0, "resumed"));
  run.set_state("killed");
  run.set_metric_time(7012.0);
  EXPECT_EQ(time.seconds(run, 9000.0), 100.0 + 12.0);
  // The next one fails while it opens the run, days later.
  wire::Event checkpoint = event(7010.0, "checkpoint"), failed = event(90000.0, "failed");
  checkpoint.set_step(50);
  time.take(checkpoint);
  time.take(failed);
  run.set_state("failed");
  EXPECT_EQ(time.seconds(run, 99000.0), 100.0 + 10.0);
  // A part of it would be taken for the whole.
  time.lacksBeginning();
  EXPECT_EQ(time.seconds(run, 9000.0), 0.0);
}

TEST(Spent, CostsAreRoundedToWhatIsKnown) {
  EXPECT_EQ(costText({}, 3600.0), "");
  EXPECT_EQ(costText({2.4, "EUR"}, 1800.0), "1.20 EUR");
  EXPECT_EQ(costText({2.4, "EUR"}, 18.0), "0.012 EUR");
  EXPECT_EQ(costText({100.0, ""}, 36000.0), "1000.00");
}

TEST(Runs, SayHowLongTheyTrainedAndWhatThatCost) {
  OpenRuns open;
  auto run = open.make("alpha");
  run.event(0, "started", "");
  run.metrics(1, {{"loss.total", 1.0}});
  run.flush();
  QTest::qWait(1100);
  run.event(1, "stopped", "by command");
  run.setState(State::kStopped);
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  auto* facts = open.child<QLabel>("runFacts");
  EXPECT_TRUE(test::waitFor([&] { return facts->text().contains("trained for 1 s"); })) << facts->text().toStdString();
  open.station.runs->setPrice({3600.0, "EUR"});
  EXPECT_TRUE(facts->text().contains("trained for 1 s, 1.")) << facts->text().toStdString();
  EXPECT_TRUE(facts->text().contains(" EUR so far")) << facts->text().toStdString();
}

TEST(Runs, WithoutTheirFirstEventsSayNoTime) {
  OpenRuns open;
  auto run = open.make("alpha");
  run.event(0, "started", "");
  for (int step = 1; step <= 5000; ++step) run.event(step, "skipped", "a spike");
  run.metrics(5000, {{"loss.total", 1.0}});
  run.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  // What comes now is a part of it alone.
  run.event(5000, "resumed", "");
  run.event(5001, "stopped", "by command");
  run.metrics(5001, {{"loss.total", 1.0}});
  run.setState(State::kStopped);
  auto* facts = open.child<QLabel>("runFacts");
  ASSERT_TRUE(test::waitFor([&] { return facts->text().contains("step 5001"); })) << facts->text().toStdString();
  QTest::qWait(2 * RunsWorkspace::kPollMs);
  EXPECT_FALSE(facts->text().contains("trained for")) << facts->text().toStdString();
}

TEST(Runs, AreListedOverASlowWay) {
  OpenRuns open;
  QTimer others;
  // Each answer takes longer than the list waits until it asks anew.
  QObject::connect(&others, &QTimer::timeout, &others, [&] {
    open.station.client.ask(
        "another", &others, [](client::Daemon&) { QThread::msleep(RunsWorkspace::kPollMs + 200); }, [] {},
        [](const Error&) {});
  });
  others.start(50);
  QTest::qWait(1000);
  auto run = open.make("alpha");
  auto* table = open.child<QTableView>("runTable");
  EXPECT_TRUE(test::waitFor([&] { return table->model() != nullptr && table->model()->rowCount() == 1; }));
}

TEST(Runs, CurvesComeWhileARunIsLaunched) {
  OpenRuns open;
  auto run = open.make("alpha");
  run.metrics(1, {{"loss.total", 1.0}});
  run.flush();
  std::mutex gate;
  gate.lock();
  open.station.client.ask(
      "launch", open.station.runs, [&](client::Daemon&) { const std::lock_guard wait(gate); }, [] {},
      [](const Error&) {}, client::Client::Lane::kSlow);
  EXPECT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  gate.unlock();
}

TEST(Runs, StayWhereOtherPlanetsAreShown) {
  OpenRuns open;
  open.openWith("two");
  auto run = open.make("alpha");
  run.metrics(1, {{"loss.total", 1.0}});
  run.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  ASSERT_EQ(open.station.client.store(), "main");
  open.station.client.chooseStore("two");
  EXPECT_EQ(open.station.runs->curves()->size("loss.total"), 1U);
}

TEST(Runs, AViewBeyondAllStepsIsRefused) {
  OpenRuns open;
  for (const QJsonArray& zoom : {QJsonArray{1e19, 2e19, 0, 1}, QJsonArray{-2e19, -1e19, 0, 1},
                                 QJsonArray{0, 1, 0, 1e300}, QJsonArray{5, 4, 0, 1}}) {
    open.station.runs->setViewState({{"run", "alpha"}, {"zoom", zoom}});
    EXPECT_FALSE(open.station.runs->viewState().contains("zoom")) << zoom[0].toDouble();
  }
  const QJsonArray far = {9e14, 1e15, -1e30, 1e30};
  open.station.runs->setViewState({{"run", "alpha"}, {"zoom", far}});
  EXPECT_EQ(open.station.runs->viewState()["zoom"].toArray(), far);
}

TEST(Runs, WithoutValuesSayWhatTheyWaitFor) {
  OpenRuns open;
  auto run = open.make("alpha");
  run.claim();
  run.setState(State::kRunning);
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  auto* none = open.station.runs->curves()->findChild<QLabel*>("noCurves");
  EXPECT_TRUE(test::waitFor([&] { return none->isVisible(); }));
  EXPECT_TRUE(none->text().contains("first step")) << none->text().toStdString();
  run.metrics(1, {{"loss.total", 1.0}});
  run.flush();
  EXPECT_TRUE(test::waitFor([&] { return !none->isVisible(); }));
}

TEST(Runs, TheNumbersBehindThePictureAreATable) {
  OpenRuns open;
  auto run = open.make("alpha");
  for (int step = 1; step <= 40; ++step) run.metrics(step, {{"loss.total", 0.5 * step}, {"gradient.norm", 2.0}});
  run.metrics(10, {{"validation.total", 3.25}});
  run.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  open.child<QCheckBox>("asTable")->click();
  EXPECT_TRUE(open.station.runs->viewState()["table"].toBool());
  auto* view = open.child<QTableView>("curveNumbers");
  ASSERT_TRUE(view->isVisible());
  ASSERT_TRUE(test::waitFor([&] { return view->model()->rowCount() == 40; }));
  const auto cell = [&](int row, int column) { return view->model()->index(row, column).data().toString(); };
  EXPECT_EQ(view->model()->columnCount(), 3);
  EXPECT_EQ(cell(9, 0), "10");
  EXPECT_EQ(cell(9, 1), "5");
  EXPECT_EQ(cell(9, 2), "3.25");
  EXPECT_EQ(cell(8, 2), "");
  // A row stays chosen while others come, and nothing is done for a table that nobody sees.
  view->selectRow(9);
  run.metrics(41, {{"loss.total", 20.5}});
  run.flush();
  ASSERT_TRUE(test::waitFor([&] { return view->model()->rowCount() == 41; }));
  EXPECT_EQ(cell(40, 1), "20.5");
  ASSERT_EQ(view->selectionModel()->selectedRows().size(), 1);
  EXPECT_EQ(view->selectionModel()->selectedRows().front().row(), 9);
  open.station.window->showWorkspace("climate");
  run.metrics(42, {{"loss.total", 21.0}});
  run.flush();
  ASSERT_TRUE(test::waitFor([&] { return open.station.runs->curves()->size("loss.total") == 42; }));
  QTest::qWait(1200);
  EXPECT_EQ(view->model()->rowCount(), 41);
  open.station.window->showWorkspace("runs");
  EXPECT_EQ(view->model()->rowCount(), 42);
  // What is zoomed away is not among them.
  open.station.runs->setViewState({{"zoom", QJsonArray{4.5, 6.5, 0, 10}}});
  plots::CurvePlot& plot = *open.station.runs->curves();
  EXPECT_EQ(plots::csvOf(plot.table()), "step,loss.total,validation.total\n5,2.5,\n6,3,\n")
      << plots::csvOf(plot.table()).toStdString();
  open.trigger("undo");
  EXPECT_FALSE(open.station.runs->viewState()["table"].toBool());
  EXPECT_TRUE(plot.isVisible());
}

TEST(Runs, CurvesGrowWithTheJournal) {
  OpenRuns open;
  auto run = open.make("alpha");
  for (int step = 1; step <= 50; ++step) run.metrics(step, {{"loss.total", 10.0 / step}, {"gradient.norm", 1.0}});
  run.event(20, "checkpoint", "in 0.2 s");
  run.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  EXPECT_EQ(open.station.runs->curves()->curves(), (QStringList{"gradient.norm", "loss.total"}));
  EXPECT_NEAR(open.station.runs->curves()->readOut()["loss.total"], 0.2, 1e-6);
  run.metrics(51, {{"loss.total", 7.5}});
  run.flush();
  EXPECT_TRUE(test::waitFor([&] { return open.station.runs->curves()->readOut()["loss.total"] == 7.5; }));
}

TEST(Runs, ACheckedCurveIsShownAndCanBeUndone) {
  OpenRuns open;
  auto run = open.make("alpha");
  run.metrics(1, {{"loss.total", 1.0}, {"gradient.norm", 2.0}});
  run.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  auto* tree = open.child<QTreeWidget>("curveTree");
  const auto found = tree->findItems("norm", Qt::MatchExactly | Qt::MatchRecursive);
  ASSERT_EQ(found.size(), 1);
  found[0]->setCheckState(0, Qt::Checked);
  EXPECT_TRUE(open.station.runs->viewState()["shown"].toArray().contains("gradient.norm"));
  open.trigger("undo");
  EXPECT_FALSE(open.station.runs->viewState()["shown"].toArray().contains("gradient.norm"));
  EXPECT_EQ(found[0]->checkState(0), Qt::Unchecked);
}

TEST(Runs, CurvesSayWhatTheyAre) {
  OpenRuns open;
  auto run = open.make("alpha");
  run.metrics(1, {{"gradient.climate", 1.0}, {"gradient.norm", 2.0}, {"gradient_angle.climate", 80.0}, {"other", 1.0}});
  run.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  auto* tree = open.child<QTreeWidget>("curveTree");
  QStringList words;
  for (const QTreeWidgetItem* item : tree->findItems("*", Qt::MatchWildcard | Qt::MatchRecursive)) {
    words << item->toolTip(0);
  }
  words.removeAll(QString());
  words.sort();
  ASSERT_EQ(words.size(), 4);
  EXPECT_TRUE(words[0].startsWith("gradient.climate: 2-norm of the gradient of this part")) << words[0].toStdString();
  EXPECT_TRUE(words[1].startsWith("gradient.norm: 2-norm of the whole gradient")) << words[1].toStdString();
  EXPECT_TRUE(words[2].startsWith("gradient_angle.climate: Angle in degrees")) << words[2].toStdString();
  EXPECT_EQ(words[3], "other");
}

TEST(Runs, TheListShowsEachColumnInASmallWindow) {
  OpenRuns open;
  open.station.window->resize(1280, 800);
  auto run = open.make("a-longer-name");
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "a-longer-name"}}), "");
  auto* table = open.child<QTableView>("runTable");
  ASSERT_TRUE(test::waitFor([&] { return table->model()->rowCount() == 1; }));
  int wide = 0;
  for (int column = 0; column < table->model()->columnCount(); ++column) wide += table->columnWidth(column);
  EXPECT_LE(wide, table->viewport()->width());
  EXPECT_GE(table->columnWidth(0), 10 * table->fontMetrics().averageCharWidth());
  EXPECT_EQ(table->model()->index(0, 4).data().toString(), "cpu, " + QSysInfo::machineHostName().section('.', 0, 0));
}

TEST(Runs, AKilledRunIsNeverShownAsRunning) {
  OpenRuns open;
  {
    auto run = open.make("alpha");
    run.setState(State::kRunning);
  }
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  auto* table = open.child<QTableView>("runTable");
  ASSERT_TRUE(test::waitFor([&] { return table->model()->rowCount() == 1; }));
  EXPECT_EQ(table->model()->index(0, 1).data().toString(), "killed");
  EXPECT_FALSE(open.child<QPushButton>("pause")->isEnabled());
  EXPECT_TRUE(open.child<QPushButton>("resume")->isEnabled());
}

TEST(Runs, ACommandIsShownWithItsAcknowledgedState) {
  OpenRuns open;
  auto run = open.make("alpha");
  run.claim();
  run.setState(State::kRunning);
  run.metrics(1, {{"loss.total", 1.0}});
  run.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  auto* pause = open.child<QPushButton>("pause");
  ASSERT_TRUE(test::waitFor([&] { return pause->isEnabled(); }));
  pause->click();
  auto* said = open.child<QLabel>("commands");
  ASSERT_TRUE(test::waitFor([&] { return said->text().contains("pause: requested"); })) << said->text().toStdString();
  const auto commands = run.commands("requested");
  ASSERT_EQ(commands.size(), 1U);
  run.answer(commands[0].id, "refused", "not now");
  EXPECT_TRUE(test::waitFor([&] { return said->text().contains("pause: refused, not now"); }))
      << said->text().toStdString();
  open.child<QLineEdit>("argument")->setText("2e-4");
  EXPECT_FALSE(open.child<QPushButton>("extend")->isEnabled());
  open.child<QPushButton>("rate")->click();
  ASSERT_TRUE(test::waitFor([&] { return !run.commands("requested").empty(); }));
  EXPECT_EQ(run.commands("requested")[0].argument, "train.lr=2e-4");
  // The same by the palette.
  open.trigger("extendRun");
  auto* line = open.child<QLineEdit>("paletteLine");
  line->setText(" 3 ");
  QTest::keyClick(line, Qt::Key_Return);
  ASSERT_TRUE(test::waitFor([&] { return run.commands("requested").size() == 2; }));
  EXPECT_EQ(run.commands("requested")[1].word, "extend");
  EXPECT_EQ(run.commands("requested")[1].argument, "epochs=+3");
}

TEST(Runs, TheLogOfOneIsShownAsItGrows) {
  OpenRuns open;
  const auto run = open.make("alpha");
  std::ofstream(run.log()) << "step 1\n";
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  auto* log = open.child<QPlainTextEdit>("runLog");
  EXPECT_EQ(log->toPlainText(), "");  // it is asked for where somebody looks
  open.station.window->raiseDock("runsLog");
  EXPECT_TRUE(test::waitFor([&] { return log->toPlainText() == "step 1\n"; }));
  std::ofstream(run.log(), std::ios::app) << "step 2: \xc3\xa9\n";
  EXPECT_TRUE(test::waitFor([&] { return log->toPlainText() == QString::fromUtf8("step 1\nstep 2: \xc3\xa9\n"); }));
}

TEST(Runs, AFinishedOneGoesOnOnceEpochsWereAdded) {
  OpenRuns open;
  auto run = open.make("alpha");
  run.metrics(1, {{"loss.total", 1.0}});
  run.setState(State::kFinished, "all epochs are done");
  run.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  auto* resume = open.child<QPushButton>("resume");
  auto* argument = open.child<QLineEdit>("argument");
  QAction* deed = nullptr;
  for (QAction* action : open.station.runs->actions()) {
    if (action->objectName() == "resumeRun") deed = action;
  }
  ASSERT_NE(deed, nullptr);
  ASSERT_TRUE(test::waitFor([&] { return argument->isVisibleTo(argument->parentWidget()); }));
  EXPECT_FALSE(resume->isEnabled());
  EXPECT_FALSE(deed->isEnabled());
  argument->setText("2");
  open.child<QPushButton>("extend")->click();
  ASSERT_TRUE(test::waitFor([&] { return resume->isEnabled(); }));
  EXPECT_TRUE(deed->isEnabled());
  EXPECT_NE(open.child<QLabel>("commands")->text().indexOf("for its next start"), -1);
  EXPECT_EQ(run.commands("requested")[0].argument, "epochs=+2");
}

TEST(Runs, AreComparedByCurvesAndByTheOptionsThatDiffer) {
  OpenRuns open;
  auto alpha = open.make("alpha");
  engine::config::RunSpec other = open.nano();
  other.train.learningRate = 0.25;
  auto beta = RunDirectory::create(open.served.runs() / "beta", other);
  for (int step = 1; step <= 30; ++step) {
    alpha.metrics(step, {{"loss.total", 1.0}});
    beta.metrics(step, {{"loss.total", 40.0}});
  }
  alpha.flush();
  beta.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  auto* table = open.child<QTableView>("runTable");
  ASSERT_TRUE(test::waitFor([&] { return table->model()->rowCount() == 2; }));
  for (int row = 0; row < 2; ++row) {
    const QModelIndex index = table->model()->index(row, 0);
    if (index.data().toString() == "beta") table->model()->setData(index, Qt::Checked, Qt::CheckStateRole);
  }
  EXPECT_EQ(open.station.runs->viewState()["compared"].toArray(), QJsonArray{"beta"});
  auto* comparison = open.child<Comparison>("comparison");
  ASSERT_TRUE(test::waitFor([&] { return !comparison->cells().isEmpty(); }));
  const auto cells = comparison->cells();
  const auto lr = std::find_if(cells.begin(), cells.end(), [](const QStringList& row) { return row[0] == "train.lr"; });
  ASSERT_NE(lr, cells.end());
  EXPECT_EQ(lr->at(2), "0.25");
  // The other run's curve is in the picture, so the axis reaches to it.
  plots::CurvePlot& plot = *open.station.runs->curves();
  EXPECT_TRUE(test::waitFor([&] {
    plot.replotNow();
    return plot.plot().yAxis->range().upper > 40.0;
  }));
  open.trigger("undo");
  plot.replotNow();
  EXPECT_LT(plot.plot().yAxis->range().upper, 40.0);
}

TEST(Runs, GoOnWhenTheDaemonComesBackWithNothingLostOrTwice) {
  OpenRuns open;
  auto run = open.make("alpha");
  run.metrics(1, {{"loss.total", 5.0}});
  run.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  const auto last = [&] { return open.station.runs->curves()->readOut()["loss.total"]; };
  for (int step = 2; step <= 4; ++step) {
    open.served.daemon.reset();
    ASSERT_TRUE(test::waitFor([&] { return open.station.client.link() == client::Client::Link::kLost; }));
    EXPECT_FALSE(open.child<QPushButton>("stop")->isEnabled());
    run.metrics(step, {{"loss.total", 1.0 * step}});
    run.flush();
    open.served.begin();
    ASSERT_TRUE(test::waitFor([&] { return last() == 1.0 * step; })) << last();
  }
  EXPECT_EQ(open.station.runs->curves()->size("loss.total"), 4U);
}

TEST(Runs, ALongRunIsShownByItsExtremesAndFinerWhereItIsZoomed) {
  OpenRuns open;
  auto run = open.make("alpha");
  for (int step = 1; step <= 20000; ++step) {
    run.metrics(step, {{"loss.total", step == 12345 ? 50.0 : 1.0 + 0.1 * (step % 2)}});
  }
  run.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  plots::CurvePlot& plot = *open.station.runs->curves();
  EXPECT_LE(plot.size("loss.total"), 2000U);
  const auto highest = [&] {
    plot.replotNow();
    double most = 0.0;
    for (int i = 0; i < plot.plot().graphCount(); ++i) {
      for (const QCPGraphData& point : *plot.plot().graph(i)->data()) most = std::max(most, point.value);
    }
    return most;
  };
  EXPECT_EQ(highest(), 50.0);
  open.station.runs->setViewState({{"run", "alpha"}, {"zoom", QJsonArray{12300, 12400, 0, 60}}});
  // Every point of the range, one apart.
  EXPECT_TRUE(test::waitFor([&] {
    plot.replotNow();
    const auto data = plot.plot().graph(1)->data();
    return data->size() >= 100 && data->at(11)->key - data->at(10)->key == 1.0;
  }));
  EXPECT_EQ(highest(), 50.0);
}

TEST(Runs, APictureWaitsForTheRunsBesideTheShownOne) {
  OpenRuns open;
  auto alpha = open.make("alpha");
  auto beta = open.make("beta");
  for (int step = 1; step <= 30; ++step) {
    alpha.metrics(step, {{"loss.total", 1.0}});
    beta.metrics(step, {{"loss.total", 40.0}});
  }
  alpha.flush();
  beta.flush();
  plots::CurvePlot& plot = *open.station.runs->curves();
  open.station.runs->setViewState({{"run", "alpha"}, {"compared", QJsonArray{"beta"}}});
  double upper = 0.0;
  open.station.runs->whenDrawn([&](const QString& failure) {
    EXPECT_EQ(failure, "");
    plot.replotNow();
    upper = plot.plot().yAxis->range().upper;
  });
  ASSERT_TRUE(test::waitFor([&] { return upper > 0.0; }));
  EXPECT_GT(upper, 40.0);
}

TEST(LongRun, OpensAndScrolls) {
  const int steps = test::tries(2000, 100000);
  constexpr int kNames = 50, kShown = 20;
  OpenRuns open;
  auto run = open.make("alpha");
  std::vector<engine::run::Metric> metrics;
  QJsonArray shown;
  for (int i = 0; i < kNames; ++i) {
    metrics.push_back({"loss.part" + std::to_string(i), 0.0});
    if (i < kShown) shown.append(QString::fromStdString(metrics.back().name));
  }
  for (int step = 1; step <= steps; ++step) {
    for (int i = 0; i < kNames; ++i) metrics[static_cast<std::size_t>(i)].value = i + std::sin(0.01 * step);
    run.metrics(step, metrics);
    if (step % 10000 == 0) run.flush();
  }
  run.flush();
  QElapsedTimer timer;
  timer.start();
  qint64 openedMs = -1;
  open.station.runs->setViewState({{"run", "alpha"}, {"shown", shown}});
  plots::CurvePlot& plot = *open.station.runs->curves();
  open.station.runs->whenDrawn([&](const QString& failure) {
    EXPECT_EQ(failure, "");
    plot.replotNow();
    openedMs = timer.elapsed();
  });
  for (int i = 0; i < 3 && openedMs < 0; ++i) (void)test::waitFor([&] { return openedMs >= 0; });
  EXPECT_EQ(plot.curves().size(), kNames);
  EXPECT_LE(plot.size("loss.part7"), 2000U);
  // The newest of at most 2,000 buckets is the mean of its steps.
  EXPECT_NEAR(plot.readOut()["loss.part7"], 7.0 + std::sin(0.01 * steps), 0.01 * steps / 2000.0 + 1e-3);
  double longestMs = 0.0;
  for (int i = 0; i < 40; ++i) {
    const double low = steps * 0.01 * i;
    timer.restart();
    plot.setZoom(plots::CurvePlot::Range{low, low + 0.2 * steps, -2.0, 22.0});
    plot.replotNow();
    longestMs = std::max(longestMs, static_cast<double>(timer.nsecsElapsed()) / 1e6);
  }
  std::printf("%d steps of %d metrics: opened in %lld ms, a scroll of %d curves draws in %.1f ms at most\n", steps,
              kNames, static_cast<long long>(openedMs), kShown, longestMs);
}

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
