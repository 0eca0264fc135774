// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <qcustomplot.h>

#include <QAction>
#include <QCheckBox>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSysInfo>
#include <QTableView>
#include <QTableWidget>
#include <QThread>
#include <QTimer>
#include <QTreeWidget>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <mutex>

#include "tests/support/counts.h"
#include "tests/ui/open_runs.h"
#include "ui/look/theme.h"
#include "ui/plots/plot_theme.h"
#include "ui/runs/comparison.h"
#include "ui/runs/metric_words.h"
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

TEST(Runs, WithoutOneTheCurveListSaysWhatToDo) {
  OpenRuns open;
  auto run = open.make("alpha");
  run.metrics(1, {{"loss.total", 1.0}});
  run.flush();
  auto* hint = open.child<QLabel>("noCurveNames");
  EXPECT_TRUE(hint->isVisible());
  EXPECT_TRUE(hint->text().contains("Choose a run")) << hint->text().toStdString();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  EXPECT_TRUE(open.child<QTreeWidget>("curveTree")->isVisible());
  EXPECT_FALSE(hint->isVisible());
}

TEST(Runs, LongNamesOfCurvesKeepTheirEnds) {
  OpenRuns open;
  const QString name = "validation.habitable.accuracy.without_climate";
  auto run = open.make("alpha");
  run.metrics(1, {{name.toStdString(), 1.0}});
  run.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  auto* tree = open.child<QTreeWidget>("curveTree");
  EXPECT_EQ(tree->textElideMode(), Qt::ElideMiddle);
  const auto found = tree->findItems(name.section('.', 1), Qt::MatchExactly | Qt::MatchRecursive);
  ASSERT_EQ(found.size(), 1);
  EXPECT_TRUE(found[0]->toolTip(0).startsWith(name)) << found[0]->toolTip(0).toStdString();
}

TEST(MetricWords, AnAxisIsNamedByWhatAllCurvesAre) {
  EXPECT_EQ(axisOf({}), "");
  EXPECT_EQ(axisOf({"loss.graph.flux"}), "loss.graph.flux");
  EXPECT_EQ(axisOf({"loss.total", "validation.total", "validation.graph.kl"}), "loss");
  EXPECT_EQ(axisOf({"validation.regime.accuracy", "validation.habitable.accuracy.with_climate"}), "accuracy");
  EXPECT_EQ(axisOf({"gradient.norm", "gradient.climate"}), "2-norm of the gradient");
  EXPECT_EQ(axisOf({"loss.total", "validation.samples"}), "");
  EXPECT_EQ(axisOf({"loss.total", "learning_rate"}), "");
}

TEST(Runs, TheAxisIsNamedByTheCurvesThatAreThere) {
  OpenRuns open;
  auto run = open.make("alpha");
  run.metrics(1, {{"loss.total", 1.0}, {"gradient.norm", 2.0}});
  run.flush();
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"}}), "");
  const auto label = [&] { return open.station.runs->curves()->plot().yAxis->label(); };
  EXPECT_EQ(label(), "loss.total");
  run.metrics(2, {{"loss.total", 1.0}, {"validation.total", 2.0}});
  run.flush();
  EXPECT_TRUE(test::waitFor([&] { return label() == "loss"; })) << label().toStdString();
  open.station.runs->setViewState({{"shown", QJsonArray{"loss.total", "gradient.norm"}}});
  EXPECT_EQ(label(), "");
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

/// The colour in which a sample is drawn.
QColor inkOf(const QTableWidgetItem* cell) {
  const QImage sample = cell->icon().pixmap(64, 16).toImage();
  for (int y = 0; y < sample.height(); ++y) {
    for (int x = 0; x < sample.width(); ++x) {
      if (sample.pixelColor(x, y).alpha() == 255) return sample.pixelColor(x, y);
    }
  }
  return {};
}

TEST(Runs, EachComparedCurveHasAColourAndItsSampleBesideTheOptions) {
  OpenRuns open;
  const QStringList ids = {"alpha", "beta", "gamma"}, names = {"loss.total", "gradient.norm"};
  for (const QString& id : ids) {
    auto run = open.make(id.toStdString());
    for (int step = 1; step <= 30; ++step) run.metrics(step, {{"loss.total", 1.0}, {"gradient.norm", 2.0}});
    run.flush();
  }
  ASSERT_EQ(open.station.draw(open.station.runs, {{"run", "alpha"},
                                                  {"compared", QJsonArray{"beta", "gamma"}},
                                                  {"shown", QJsonArray::fromStringList(names)}}),
            "");
  const auto* table = open.child<QTableWidget>("comparisonTable");
  ASSERT_TRUE(test::waitFor([&] { return table->columnCount() == 4 && table->item(1, 0)->text() == names[1]; }));
  const auto expectColours = [&] {
    plots::CurvePlot& plot = *open.station.runs->curves();
    plot.replotNow();
    for (std::size_t run = 0; run < 3; ++run) {
      EXPECT_EQ(table->horizontalHeaderItem(static_cast<int>(run) + 1)->text(), ids[static_cast<qsizetype>(run)]);
      for (std::size_t curve = 0; curve < 2; ++curve) {
        const QColor colour = plots::curveColour(2 * run + curve);
        int drawn = 0;
        for (int i = 0; i < plot.plot().graphCount(); ++i) {
          const QCPGraph* graph = plot.plot().graph(i);
          if (!graph->visible() || graph->pen().color() != colour) continue;
          EXPECT_EQ(graph->pen().style(), plots::runPattern(run));
          ++drawn;
        }
        EXPECT_EQ(drawn, 1) << run << " " << curve;
        const int row = static_cast<int>(curve);
        EXPECT_EQ(table->item(row, 0)->text(), names[row]);
        EXPECT_EQ(inkOf(table->item(row, static_cast<int>(run) + 1)), colour) << run << " " << curve;
      }
    }
  };
  expectColours();
  look::applyTheme(*qApp, "dark", 10.0);
  expectColours();
  look::applyTheme(*qApp, "light", 10.0);
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

}  // namespace
}  // namespace ecumene::ui::runs
