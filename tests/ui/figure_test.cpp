// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures and numbers for elsewhere, and the way back from a file to its view.
#include <gtest/gtest.h>

#include <QClipboard>
#include <QFileDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QSet>
#include <cmath>

#include "data/base/error.h"
#include "data/base/files.h"
#include "tests/ui/open_runs.h"
#include "ui/shell/figure_file.h"
#include "viz/climate/slice.h"

namespace ecumene::ui::shell {
namespace {

namespace fs = std::filesystem;

const QJsonObject kView = {{"run", "alpha"},
                           {"shown", QJsonArray{"loss.total", "gradient.norm"}},
                           {"log_y", true},
                           {"zoom", QJsonArray{2.0, 30.0, 0.25, 8.0}}};

void makeRun(const test::OpenRuns& open) {
  auto run = open.make("alpha");
  for (int step = 1; step <= 40; ++step) run.metrics(step, {{"loss.total", 10.0 / step}, {"gradient.norm", 1.0}});
  run.flush();
}

/// Chooses a file in the dialog that the action opens.
void save(test::OpenRuns& open, const char* action, const QString& filter, const fs::path& file) {
  open.trigger(action);
  auto* chooser = open.child<QFileDialog>("figureChooser");
  ASSERT_NE(chooser, nullptr);
  chooser->setDirectory(QString::fromStdString(file.parent_path().string()));
  chooser->selectNameFilter(filter);
  emit chooser->filterSelected(filter);
  chooser->selectFile(QString::fromStdString(file.stem().string()));
  QTest::keyClick(chooser->findChild<QLineEdit*>("fileNameEdit"), Qt::Key_Return);
  ASSERT_TRUE(test::waitFor([&] { return fs::exists(file); })) << file;
  QTest::qWait(50);  // the dialog goes
}

TEST(Figure, SavedFilesBringTheirViewBack) {
  test::OpenRuns open;
  makeRun(open);
  ASSERT_EQ(open.station.draw(open.station.runs, kView), "");
  const QJsonObject view = open.station.runs->viewState();
  struct Kind {
    const char* file;
    QString filter;
  };
  for (const Kind& kind : {Kind{"f.png", "PNG picture (*.png)"}, Kind{"f.svg", "SVG drawing (*.svg)"},
                           Kind{"f.pdf", "PDF drawing (*.pdf)"}}) {
    const fs::path file = open.memory / kind.file;
    save(open, "saveFigure.curves", kind.filter, file);
    open.station.runs->setViewState({{"shown", QJsonArray{"loss.total"}}, {"log_y", false}});
    open.station.window->showWorkspace("climate");
    test::drop(*open.station.window, {QString::fromStdString(file.string())});
    ASSERT_TRUE(test::waitFor([&] { return open.station.window->currentWorkspace() == "runs"; })) << kind.file;
    EXPECT_EQ(open.station.runs->viewState(), view) << kind.file;
  }
  const QImage png(QString::fromStdString(open.memory / "f.png"));
  EXPECT_EQ(png.width(), 2 * open.station.runs->curves()->width());
  const std::string svg = readFile(open.memory / "f.svg");
  EXPECT_NE(svg.find(">loss.total<"), std::string::npos);
  EXPECT_NE(svg.find(">gradient.norm<"), std::string::npos);
  EXPECT_NE(svg.find(">alpha<"), std::string::npos);
  EXPECT_EQ(readFile(open.memory / "f.pdf").substr(0, 5), "%PDF-");
  open.trigger("undo");
  EXPECT_FALSE(open.station.runs->viewState()["log_y"].toBool());
}

TEST(Figure, OtherFilesAreDroppedAsBefore) {
  test::OpenRuns open;
  MainWindow& window = *open.station.window;
  QStringList dropped;
  QObject::connect(&window, &MainWindow::filesDropped, [&](const QStringList& paths) { dropped << paths; });
  QImage(8, 8, QImage::Format_RGB32).save(QString::fromStdString(open.memory / "photo.png"));
  writeFileAtomically(open.memory / "model.xml", "<sbml/>");
  writeFileAtomically(open.memory / "cut.svg", "<svg>ecumene-view:eyJ");
  const QStringList files = {QString::fromStdString(open.memory / "photo.png"),
                             QString::fromStdString(open.memory / "model.xml"),
                             QString::fromStdString(open.memory / "cut.svg")};
  test::drop(window, files);
  ASSERT_TRUE(test::waitFor([&] { return !dropped.isEmpty(); }));
  EXPECT_EQ(dropped, files);
  EXPECT_EQ(window.currentWorkspace(), "runs");
}

TEST(Figure, OfANewerVersionIsSaid) {
  test::OpenRuns open;
  const QByteArray json = R"({"ecumene_session": 99, "workspace": "runs"})";
  writeFileAtomically(open.memory / "new.svg", "<svg>ecumene-view:" + json.toBase64().toStdString() + ";</svg>");
  test::drop(*open.station.window, {QString::fromStdString(open.memory / "new.svg")});
  auto* notes = open.child<NotificationPanel>("notifications");
  EXPECT_TRUE(test::waitFor([&] { return notes->count() == 1; }));
}

TEST(Figure, OfOtherDataOpensNothingAndSaysWhatItIsOf) {
  test::OpenRuns open;
  makeRun(open);
  MainWindow& window = *open.station.window;
  QStringList chosen;
  for (const auto signal : {&MainWindow::machineChosen, &MainWindow::storeChosen, &MainWindow::runsChosen}) {
    QObject::connect(&window, signal, [&](const QString& what) { chosen << what; });
  }
  Session session;
  session.workspace = "runs";
  session.views["runs"] = kView;
  session.machine = "somebody@elsewhere";
  session.store = "/far/planets";
  session.runs = "/far/<b>runs</b>";
  const QByteArray json = QJsonDocument(written(session)).toJson();
  writeFileAtomically(open.memory / "far.svg", "<svg>ecumene-view:" + json.toBase64().toStdString() + ";</svg>");
  window.showWorkspace("climate");
  test::drop(window, {QString::fromStdString(open.memory / "far.svg")});
  auto* notes = open.child<NotificationPanel>("notifications");
  ASSERT_TRUE(test::waitFor([&] { return notes->count() == 1; }));
  EXPECT_EQ(window.currentWorkspace(), "runs");
  EXPECT_TRUE(open.station.runs->viewState()["log_y"].toBool());
  EXPECT_EQ(chosen, QStringList());
  EXPECT_EQ(window.storeFolder(), QString());
  const auto* details = notes->findChild<QLabel*>("details");
  ASSERT_NE(details, nullptr);
  for (const QString& of : {session.machine, session.store, session.runs}) {
    EXPECT_TRUE(details->text().contains(of)) << of.toStdString();
  }
  EXPECT_EQ(details->textFormat(), Qt::PlainText);
}

TEST(Figure, IsCopiedWithItsViewAndItsNumbers) {
  test::OpenRuns open;
  makeRun(open);
  ASSERT_EQ(open.station.draw(open.station.runs, kView), "");
  open.trigger("copyFigure.curves");
  const QMimeData* copied = QApplication::clipboard()->mimeData();
  EXPECT_TRUE(copied->hasImage());
  const fs::path file = open.memory / "pasted.png";
  writeFileAtomically(file, copied->data("image/png").toStdString());
  const auto view = viewIn(file);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->views["runs"], open.station.runs->viewState());
  open.trigger("copyTable.curves");
  const QStringList lines = QApplication::clipboard()->text().split('\n');
  EXPECT_EQ(lines[0], "step,gradient.norm,loss.total");
  EXPECT_EQ(lines[1], "2,1,5");
  EXPECT_EQ(lines.size(), 1 + 29 + 1);  // steps 2 to 30, and the end of the last line
}

TEST(Figure, TheNumbersOfAMapAreItsCells) {
  test::OpenRuns open;
  const auto store = data::store::Store::open(open.store, data::store::Mode::kRead);
  const std::string id = store.list()[0].id;
  ASSERT_EQ(open.station.draw(open.station.climate, {{"planet", QString::fromStdString(id)}, {"month", 3}}), "");
  open.trigger("copyTable.climate");
  const QStringList lines = QApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts);
  const auto planet = store.get(id);
  const data::planet::ClimateCube& cube = *planet.climate;
  ASSERT_EQ(static_cast<std::size_t>(lines.size()), 1 + cube.grid.cells());
  EXPECT_EQ(lines[0], "latitude (degrees north),longitude (degrees east),Surface temperature (K)");
  const auto slice = viz::climate::sliceOf(cube, {data::planet::VariableId::kSurfaceTemperature, 3, 0, 0});
  const std::size_t wide = cube.grid.longitudeDeg.size();
  for (const std::size_t cell : {std::size_t{0}, wide + 5, cube.grid.cells() - 1}) {
    const QStringList cells = lines[static_cast<qsizetype>(cell) + 1].split(',');
    EXPECT_NEAR(cells[0].toDouble(), cube.grid.latitudeDeg[cell / wide], 1e-4);
    EXPECT_NEAR(cells[1].toDouble(), cube.grid.longitudeDeg[cell % wide], 1e-4);
    EXPECT_NEAR(cells[2].toDouble(), static_cast<double>(slice.values[cell]), 1e-3);
  }
  open.trigger("copyFigure.climate");
  const QImage picture = qvariant_cast<QImage>(QApplication::clipboard()->mimeData()->imageData());
  QSet<QRgb> colours;
  for (int x = 0; x < picture.width(); x += 4) {
    for (int y = 0; y < picture.height(); y += 4) colours.insert(picture.pixel(x, y));
  }
  EXPECT_GT(colours.size(), 100) << "a map has the colours of its values";
}

TEST(Figure, IsSavedWithTheViewOfThatMoment) {
  test::OpenRuns open;
  makeRun(open);
  ASSERT_EQ(open.station.draw(open.station.runs, kView), "");
  open.trigger("saveFigure.curves");
  auto* chooser = open.child<QFileDialog>("figureChooser");
  ASSERT_NE(chooser, nullptr);
  // The dialog leaves the window as it is for use.
  open.station.runs->setViewState({{"log_y", false}});
  const std::filesystem::path file = open.memory / "later.png";
  emit chooser->fileSelected(QString::fromStdString(file.string()));
  ASSERT_TRUE(test::waitFor([&] { return fs::exists(file); }));
  const auto view = viewIn(file);
  ASSERT_TRUE(view);
  EXPECT_FALSE(view->views["runs"]["log_y"].toBool(true));
  chooser->close();
}

TEST(Figure, OfAnotherMachineNamesNoFolderOfThisOne) {
  test::OpenRuns open;
  makeRun(open);
  ASSERT_EQ(open.station.draw(open.station.runs, kView), "");
  open.station.window->setFolders("/here/planets", "/here/runs");
  const auto saved = [&] {
    open.trigger("copyFigure.curves");
    const fs::path file = open.memory / "copied.png";
    writeFileAtomically(file, QApplication::clipboard()->mimeData()->data("image/png").toStdString());
    return viewIn(file).value();
  };
  EXPECT_EQ(saved().store, "/here/planets");
  open.station.window->setShownStore("others", "/here/others");
  EXPECT_EQ(saved().store, "/here/others");
  open.station.window->setMachine("pod");
  open.station.window->setShownStore("main", "");
  const Session figure = saved();
  EXPECT_EQ(figure.machine, "pod");
  EXPECT_EQ(figure.storeId, "main");
  EXPECT_EQ(figure.store, "");
  EXPECT_EQ(figure.runs, "");
  const QString file = QString::fromStdString(open.memory / "copied.png");
  open.station.window->setShownStore("second", "");
  test::drop(*open.station.window, {file});
  auto* notes = open.child<NotificationPanel>("notifications");
  const auto said = [&] {
    QStringList all;
    for (const QLabel* label : notes->findChildren<QLabel*>("details")) all << label->text();
    return all;
  };
  ASSERT_TRUE(test::waitFor([&] { return !said().isEmpty(); }));
  const QStringList once = {"planets: the store main (chosen in Climate or Data)"};
  EXPECT_EQ(said(), once) << said().join('\n').toStdString();
  // Of the store that is shown there is nothing to say.
  open.station.window->setShownStore("main", "");
  open.station.runs->setViewState({{"log_y", false}});
  test::drop(*open.station.window, {file});
  ASSERT_TRUE(test::waitFor([&] { return open.station.runs->viewState()["log_y"].toBool(); }));
  EXPECT_EQ(said(), once) << said().join('\n').toStdString();
}

TEST(Figure, WithAnEndlessViewIsRefused) {
  test::OpenRuns open;
  const QByteArray json =
      QByteArray(R"({"ecumene_session": 1, "workspace": "climate", "name": ")") + QByteArray(5 << 20, 'a') + "\"}";
  const fs::path file = open.memory / "large.svg";
  writeFileAtomically(file, "<svg>ecumene-view:" + json.toBase64().toStdString() + ";</svg>");
  EXPECT_THROW((void)viewIn(file), Error);
  test::drop(*open.station.window, {QString::fromStdString(file.string())});
  auto* notes = open.child<NotificationPanel>("notifications");
  EXPECT_TRUE(test::waitFor([&] { return notes->count() == 1; }));
  EXPECT_EQ(open.station.window->currentWorkspace(), "runs");
}

}  // namespace
}  // namespace ecumene::ui::shell
